/*
 * seal.c: closes what was not meant in a new image that is stopped before its first instruction.
 *
 * The stub: code in the free room behind the contents of the vdso, a page that every image has and
 * that becomes the image's own by the write.  One stop, and no signal comes between.
 * The step: the image's first system call is made another one, and then made after all.  For an
 * image of another ABI, one that may not be written to, a vdso without room.
 * Under filters of others the step closes one by one, since such a filter may deny close_range.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/supervise/engine.h"
#include "tools/supervise/seal.h"

#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */
#define STUB_ALIGN   16

#if UINTPTR_MAX > UINT32_MAX
typedef Elf64_Ehdr elf_header;
typedef Elf64_Phdr elf_segment;
#else
typedef Elf32_Ehdr elf_header;
typedef Elf32_Phdr elf_segment;
#endif

/* The vdso is the same in all programs of one ABI: what is free in ours is free in theirs. */
void seal_find_room(size_t *tail, size_t *len)
{
	const unsigned char *vdso = (const unsigned char *)getauxval(AT_SYSINFO_EHDR);
	size_t end, page = (size_t)sysconf(_SC_PAGESIZE), stop, i;
	const elf_header *h = (const elf_header *)vdso;
	const elf_segment *s;

	*tail = *len = 0;
	if (!vdso)
		return;
	s = (const elf_segment *)(vdso + h->e_phoff);
	end = h->e_shoff + (size_t)h->e_shnum * h->e_shentsize;
	for (i = 0; i < h->e_phnum; i++)
		if (s[i].p_offset + s[i].p_filesz > end)
			end = s[i].p_offset + s[i].p_filesz;
	end = (end + STUB_ALIGN - 1) / STUB_ALIGN * STUB_ALIGN;
	stop = (end + page - 1) / page * page;
	for (i = end; i < stop; i++)
		if (vdso[i])
			return; /* somebody else uses it */
	*tail = end;
	*len = stop - end;
}

/* Gaps between what is kept, from 3 on.  The caller frees. */
static struct arch_range *ranges_of(const struct exec *e, size_t *n)
{
	struct arch_range *r = must_alloc((e->nkept + 1) * sizeof(*r));
	uint32_t from = STDERR_FILENO + 1;

	*n = 0;
	for (size_t i = 0; i < e->nkept; i++) {
		uint32_t fd = (uint32_t)e->kept[i].fd;

		if (fd > from)
			r[(*n)++] = (struct arch_range){ from, fd - 1 };
		from = fd + 1;
	}
	r[(*n)++] = (struct arch_range){ from, UINT32_MAX };
	return r;
}

static bool is_zero(const unsigned char *buf, size_t len)
{
	while (len && !*buf)
		buf++, len--;
	return !len;
}

/* false: nothing was changed */
static bool put_stub(struct exec *e, const struct arch_range *ranges, size_t n)
{
	const struct supervisor *sup = e->sup;
	uint64_t at = exec_auxv(e, AT_SYSINFO_EHDR) + sup->tail;
	unsigned char stub[4096], there[4096];
	struct arch_regs regs = e->regs;
	bool done = false;
	char path[32];
	size_t len;
	int fd;

	if (!sup->tail_len || at == sup->tail || !arch_is_native(&regs))
		return false;
	len = arch_stub(stub, sup->tail_len < sizeof(stub) ? sup->tail_len : sizeof(stub), at,
			&regs, ranges, n);
	if (!len)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)e->pid);
	fd = open(path, O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return false;
	if (pread(fd, there, len, (off_t)at) == (ssize_t)len && is_zero(there, len) &&
	    pwrite(fd, stub, len, (off_t)at) == (ssize_t)len)
		done = !arch_set(e->pid, &regs);
	close(fd);
	return done;
}

static bool is_stop_signal(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* On to the next entry or exit of a system call; signals go through.  0; 1: the image is gone; -1. */
static int to_syscall(struct exec *e)
{
	enum __ptrace_request how = PTRACE_SYSCALL;
	long sig = 0;

	for (;;) {
		int status;
		pid_t pid;

		if (ptrace(how, e->pid, NULL, sig))
			return errno == ESRCH ? 1 : -1;
		status = exec_wait(&pid);
		if (status < 0 || !WIFSTOPPED(status))
			return 1;
		how = PTRACE_SYSCALL;
		sig = 0;
		if (WSTOPSIG(status) == SYSCALL_STOP)
			return 0;
		if (status >> 16 == PTRACE_EVENT_STOP) {
			if (is_stop_signal(WSTOPSIG(status)))
				how = PTRACE_LISTEN; /* it stays stopped until it is continued */
		} else if (!(status >> 16)) {
			sig = WSTOPSIG(status);
		}
	}
}

/* At the entry of the image's own first call: make another one instead, and stand there again. */
static int instead(struct exec *e, enum arch_call call, uint32_t first, uint32_t last)
{
	struct arch_regs entry, exit;
	int r = to_syscall(e);

	if (r)
		return r;
	if (arch_get(e->pid, &entry) || arch_replace(e->pid, &entry, call, first, last))
		return -1;
	r = to_syscall(e);
	if (r)
		return r;
	if (arch_get(e->pid, &exit) || arch_result(&exit) < 0)
		return -1;
	return arch_again(e->pid, &entry);
}

static int step(struct exec *e, const struct arch_range *ranges, size_t n, bool one_by_one)
{
	int r = to_syscall(e); /* the exit of the exec itself */

	for (size_t i = 0; !r && one_by_one && i < e->nseal; i++)
		r = instead(e, ARCH_CLOSE, (uint32_t)e->seal[i], 0);
	for (size_t i = 0; !r && !one_by_one && i < n; i++)
		r = instead(e, ARCH_CLOSE_RANGE, ranges[i].first, ranges[i].last);
	return r;
}

/* Put all that crossed and is not kept into e->seal: it is closed one by one.  0 or -1. */
static int list_all(struct exec *e)
{
	int *all;
	ssize_t n = task_fds(e->pid, &all);
	size_t k = 0;

	if (n < 0)
		return -1;
	free(e->seal);
	e->seal = must_alloc((size_t)n * sizeof(*e->seal) + 1);
	e->nseal = 0;
	for (ssize_t i = 0; i < n; i++) {
		while (k < e->nkept && e->kept[k].fd < all[i])
			k++;
		if (all[i] > STDERR_FILENO && !(k < e->nkept && e->kept[k].fd == all[i]))
			e->seal[e->nseal++] = all[i];
	}
	free(all);
	return 0;
}

int exec_seal(struct exec *e)
{
	struct arch_range *ranges;
	bool foreign;
	size_t n;
	int r;

	if (e->fds && !e->nseal && !e->more)
		return 0;
	foreign = exec_is_filtered(e);
	if (foreign && e->more && list_all(e))
		return -1;
	ranges = ranges_of(e, &n);
	r = !foreign && e->fds && put_stub(e, ranges, n) ? 0
							 : step(e, ranges, n, foreign && e->fds);
	free(ranges);
	return r;
}
