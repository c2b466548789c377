/*
 * seal.c: closes what was not meant in a new image that is stopped before its first instruction.
 *
 * The stub: code in the free room behind the contents of the vdso, a page that every image has and
 * that becomes the image's own by the write.  One stop, and no signal comes between.
 * The step: the image's first system call is made another one, and then made after all.  For an
 * image of another ABI, one that may not be written to, a vdso without room.
 * Under filters of others both close number by number, since such a filter may deny close_range; and since
 * it may say of what is still open that it was closed, the image is looked at before it goes on.
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
#include "tools/proc/procfs.h"
#include "tools/supervise/engine.h"
#include "tools/supervise/seal.h"

#define STUB_ALIGN 16
#define ROOM_MIN   512 /* bytes; with fewer there is not much that can be kept */
#define SWEEP	   64  /* numbers that are closed in the time in which one is listed */

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
	if (stop - end < ROOM_MIN && (size_t)h->e_shnum * h->e_shentsize >= ROOM_MIN) {
		/* The table of sections fills the page (riscv64); nothing that runs reads it. */
		*tail = (h->e_shoff + STUB_ALIGN - 1) / STUB_ALIGN * STUB_ALIGN;
		*len = h->e_shoff + (size_t)h->e_shnum * h->e_shentsize - *tail;
		return;
	}
	for (i = end; i < stop; i++)
		if (vdso[i])
			return; /* somebody else uses it */
	*tail = end;
	*len = stop - end;
}

static void add_range(struct arch_seal *s, uint32_t first, uint32_t last)
{
	if (first <= last)
		s->ranges[s->n++] = (struct arch_range){ first, last };
}

/* Gaps between what is kept, from 3 up to `last`. */
static void gaps(const struct exec *e, struct arch_seal *s, uint32_t last)
{
	uint32_t from = STDERR_FILENO + 1;

	s->ranges = must_alloc((e->nkept + 1) * sizeof(*s->ranges));
	for (size_t i = 0; i < e->nkept; i++) {
		uint32_t fd = (uint32_t)e->kept[i].fd;

		add_range(s, from, fd - 1);
		from = fd + 1;
	}
	add_range(s, from, last);
}

/* What stands in e->seal, number by number. */
static void listed(const struct exec *e, struct arch_seal *s)
{
	s->ranges = must_alloc((e->nseal + 1) * sizeof(*s->ranges));
	for (size_t i = 0; i < e->nseal; i++) {
		uint32_t fd = (uint32_t)e->seal[i];

		if (s->n && s->ranges[s->n - 1].last + 1 == fd)
			s->ranges[s->n - 1].last = fd;
		else
			add_range(s, fd, fd);
	}
}

/* false: nothing was changed */
static bool put_stub(struct exec *e, const struct arch_seal *s)
{
	const struct supervisor *sup = e->sup;
	uint64_t at = exec_auxv(e, AT_SYSINFO_EHDR) + sup->tail;
	unsigned char stub[4096];
	struct arch_regs regs = e->regs;
	char path[32];
	size_t len;

	if (!sup->tail_len || at == sup->tail || !arch_is_native(&regs))
		return false;
	len = arch_stub(stub, sup->tail_len < sizeof(stub) ? sup->tail_len : sizeof(stub), at,
			&regs, s);
	if (!len)
		return false;
	snprintf(path, sizeof(path), "/proc/%d/mem", (int)e->pid);
	if (e->mem < 0)
		e->mem = procfs_open(path, O_WRONLY);
	return e->mem >= 0 && pwrite(e->mem, stub, len, (off_t)at) == (ssize_t)len &&
	       !arch_set(e->pid, &regs);
}

/* AUDIT_ARCH_* of the call at whose entry it stands, which the kernel alone knows; 0: it is not told. */
static uint32_t audit_of_call(pid_t pid)
{
	struct __ptrace_syscall_info info = { .op = PTRACE_SYSCALL_INFO_NONE };
	long told = ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof(info), &info);

	return told > 0 && info.op == PTRACE_SYSCALL_INFO_ENTRY ? info.arch : 0;
}

/*
 * At the entry of the image's own first call: make another one instead, and stand there again.  result:
 * of that other one.  0; EXEC_GONE; -1.
 */
static int instead(struct exec *e, enum arch_call call, uint32_t first, uint32_t last, long *result)
{
	struct arch_regs entry, exit;
	int r = exec_to_syscall(e);
	uint32_t audit;

	if (r)
		return r;
	audit = audit_of_call(e->pid);
	if (!audit || arch_get(e->pid, &entry) ||
	    arch_replace(e->pid, &entry, audit, call, first, last))
		return -1;
	r = exec_to_syscall(e);
	if (r)
		return r;
	if (arch_get(e->pid, &exit))
		return -1;
	*result = arch_result(&exit);
	return arch_again(e->pid, &entry);
}

static int step(struct exec *e, const struct arch_seal *s)
{
	int r = exec_to_syscall(e); /* the exit of the exec itself */
	long result = 0;

	for (size_t i = 0; !r && s->each && i < e->nseal; i++)
		r = instead(e, ARCH_CLOSE, (uint32_t)e->seal[i], 0, &result);
	for (size_t i = 0; !r && !s->each && i < s->n; i++) {
		r = instead(e, ARCH_CLOSE_RANGE, s->ranges[i].first, s->ranges[i].last, &result);
		r = !r && result ? -1 : r;
	}
	return r;
}

/* Put all that crossed and is not kept into e->seal.  0 or -1. */
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
	e->more = false;
	for (ssize_t i = 0; i < n; i++) {
		while (k < e->nkept && e->kept[k].fd < all[i])
			k++;
		if (all[i] > STDERR_FILENO && !(k < e->nkept && e->kept[k].fd == all[i]))
			e->seal[e->nseal++] = all[i];
	}
	free(all);
	return 0;
}

/*
 * A close of each number up to the end of the table, where so many are open that a list would cost
 * more.
 */
static bool sweeps(struct exec *e, struct arch_seal *s)
{
	long size;

	exec_read_status(e);
	size = exec_status(e, "FDSize", 0);
	if (!e->more || size <= 0 || (size_t)size / SWEEP > e->count)
		return false;
	gaps(e, s, (uint32_t)size - 1);
	return true;
}

/* A trap of an image that ignores or blocks its signal would change how it does that. */
static bool may_trap(struct exec *e)
{
	uint64_t trap = UINT64_C(1) << (SIGTRAP - 1);

	exec_read_status(e);
	return !(exec_status_mask(e, "SigIgn") & trap) && !(exec_status_mask(e, "SigBlk") & trap);
}

static bool put_each(struct exec *e, struct arch_seal *s)
{
	bool traps = may_trap(e), done = traps && sweeps(e, s) && put_stub(e, s);

	if (done || (e->more && list_all(e)))
		return done;
	free(s->ranges);
	*s = (struct arch_seal){ .each = true };
	listed(e, s);
	return traps && put_stub(e, s);
}

/* close(2) may have failed, as it may where the number is free now; a filter may have answered. */
static bool is_sealed(struct exec *e)
{
	return !list_all(e) && !e->nseal;
}

/* Number by number, and a look at what is left. */
static int seal_each(struct exec *e)
{
	struct arch_seal s = { .each = true };
	bool stub = put_each(e, &s);
	int r = stub ? exec_to_trap(e) : e->more ? -1 : step(e, &s);

	free(s.ranges);
	if (!r && !is_sealed(e))
		r = -1;
	return r || !stub ? r : arch_set(e->pid, &e->regs);
}

int exec_seal(struct exec *e)
{
	struct arch_seal s = { 0 };
	int r;

	if (e->fds && !e->nseal && !e->more)
		return 0;
	if (e->fds && exec_is_filtered(e))
		return seal_each(e);
	gaps(e, &s, UINT32_MAX);
	r = e->fds && put_stub(e, &s) ? 0 : step(e, &s);
	free(s.ranges);
	return r;
}
