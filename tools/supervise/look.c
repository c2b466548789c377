/*
 * look.c: what /proc tells of a caller before its exec, and of the new image after it.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/procfs.h"
#include "tools/supervise/engine.h"

/* The process of a thread; most that exec are its first, which alone has the number of both. */
static pid_t process_of(pid_t tid)
{
	struct task_text status = { 0 };
	pid_t pid = tid;

	if (!syscall(SYS_tgkill, tid, tid, 0))
		return tid;
	if (!task_read(tid, "status", &status))
		pid = (pid_t)strtol(task_status_line(&status, "Tgid"), NULL, 10);
	free(status.buf);
	return pid;
}

static void applet_of(struct before *b)
{
	struct task_text args = { 0 };
	struct fdf_str applet;
	char **argv;

	if (!fdf_is_many(fdf_stored(fdf_str(b->exe))) || task_read(b->tid, "cmdline", &args)) {
		free(args.buf);
		return;
	}
	argv = task_vector(&args);
	applet = fdf_applet(argv[0], argv[0] ? argv[1] : NULL);
	snprintf(b->applet, sizeof(b->applet), "%.*s", (int)applet.len, applet.s ? applet.s : "");
	free(argv);
	free(args.buf);
}

void before_look(struct before *b, struct supervisor *sup, pid_t tid, bool name)
{
	/* A record says more of the caller, and a rule may name it: they get what is true now. */
	bool all = sup->log[0] || sup->s.settings->policy.nrules;

	b->tid = tid;
	b->pid = process_of(tid);
	if (!all && callers_know(&sup->callers, b))
		return;
	/* The first thread may have ended: its image is what this one runs. */
	b->known = !task_stat_living(b->pid, &b->stat) && born_key(&b->key, tid, &b->stat);
	/* A child is a new program whatever it runs; the others may run the same again. */
	if (!b->stat.forked)
		task_image(tid, &b->image);
	if (!name)
		return;
	task_link(b->tid, "exe", b->exe, sizeof(b->exe));
	applet_of(b);
	if (!all)
		callers_note(&sup->callers, b);
}

uint64_t exec_auxv(const struct exec *e, uint64_t type)
{
	bool wide = sizeof(long) == 8 && arch_is_native(&e->regs);
	size_t word = wide ? sizeof(uint64_t) : sizeof(uint32_t), at;

	for (at = 0; at + 2 * word <= e->auxv.len; at += 2 * word) {
		uint64_t is = 0,
			 value = 0; /* the narrow ones are little-endian where there are two */

		memcpy(&is, e->auxv.buf + at, word);
		memcpy(&value, e->auxv.buf + at + word, word);
		if (is == type)
			return value;
	}
	return 0;
}

void exec_text_at(const struct exec *e, uint64_t at, char *to, size_t size)
{
	struct iovec here = { to, size - 1 }, there = { (void *)(uintptr_t)at, size - 1 };
	uint64_t offset = at - e->stack_at;
	ssize_t n;

	if (offset < e->stack_len && memchr(e->stack + offset, 0, e->stack_len - offset)) {
		snprintf(to, size, "%s", e->stack + offset);
		return;
	}
	n = at ? process_vm_readv(e->pid, &here, 1, &there, 1, 0) : 0;

	to[n > 0 ? n : 0] = '\0';
}

int exec_copy_fd(struct exec *e, int fd)
{
	char path[48];
	int copy = -1;

	if (e->pidfd < 0)
		e->pidfd = (int)syscall(SYS_pidfd_open, e->pid, 0);
	if (e->pidfd >= 0)
		copy = (int)syscall(SYS_pidfd_getfd, e->pidfd, fd, 0);
	if (copy >= 0 || (e->pidfd >= 0 && errno == EBADF))
		return copy;
	/* They are denied, or the kernel is older: what a handle on the file tells. */
	snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)e->pid, fd);
	copy = procfs_open(path, O_PATH);
	if (copy < 0 && errno == ENOENT)
		errno = EBADF;
	return copy;
}

/* Status flags as the kernel lists them: those of a handle are its own. */
static uint32_t listed_flags(const struct exec *e, int fd)
{
	struct task_text info = { 0 };
	char name[24];
	uint32_t flags;

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	task_read(e->pid, name, &info);
	flags = (uint32_t)strtoul(task_status_line(&info, "flags"), NULL, 8) & ~(uint32_t)O_CLOEXEC;
	free(info.buf);
	return flags;
}

int exec_look_fd(struct exec *e, struct own_fd *to, int fd)
{
	int copy = exec_copy_fd(e, fd);

	to->d = (struct fdf_fd){ .fd = fd };
	if (copy < 0)
		return -1;
	ownfds_look(to, copy);
	to->d.fd = fd;
	if (to->d.status & O_PATH)
		to->d.status = listed_flags(e, fd);
	return copy;
}

/* The kernel puts a script's name behind its interpreter's. */
static bool is_argument(const struct exec *e, const char *name)
{
	char *const *arg = e->argv;

	while (*arg && strcmp(*arg, name))
		arg++;
	return *arg;
}

int exec_script(const struct exec *e)
{
	static const char prefix[] = "/dev/fd/";
	char name[PATH_MAX], path[PATH_MAX + 32], *end;
	struct stat image, file;
	long fd;

	exec_text_at(e, exec_auxv(e, AT_EXECFN), name, sizeof(name));
	if (strncmp(name, prefix, sizeof(prefix) - 1) || !is_argument(e, name))
		return -1;
	fd = strtol(name + sizeof(prefix) - 1, &end, 10);
	if (end == name + sizeof(prefix) - 1 || fd < 0 || fd > INT_MAX || (*end && *end != '/'))
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/fd/%s", (int)e->pid, name + sizeof(prefix) - 1);
	return !task_image(e->pid, &image) && !procfs_stat(path, &file) &&
			       file.st_ino == image.st_ino && file.st_dev == image.st_dev
		       ? -1
		       : (int)fd;
}

int exec_execfd(const struct exec *e)
{
	uint64_t fd = exec_auxv(e, AT_EXECFD);

	return fd ? (int)fd : -1;
}

/* The words of the stack that a program starts with, as they lie in e->stack. */
struct words {
	const uint64_t *w;
	size_t n, at;
	uint64_t base; /* their address there */
	size_t bytes;
};

/* Pointers to strings up to a null one, as pointers of ours; NULL: not all is there. */
static char **strings(struct exec *e, struct words *s)
{
	size_t begin = s->at, n;
	char **list;

	while (s->at < s->n && s->w[s->at])
		s->at++;
	if (s->at == s->n)
		return NULL;
	n = s->at++ - begin;
	list = must_alloc((n + 1) * sizeof(*list));
	for (size_t i = 0; i < n; i++) {
		uint64_t offset = s->w[begin + i] - s->base;

		if (offset >= s->bytes || !memchr(e->stack + offset, 0, s->bytes - offset)) {
			free(list);
			return NULL;
		}
		list[i] = e->stack + offset;
	}
	return list;
}

static bool take_auxv(struct exec *e, const struct words *s)
{
	size_t end = s->at;

	while (end + 1 < s->n && s->w[end] != AT_NULL)
		end += 2;
	if (end + 1 >= s->n)
		return false;
	e->auxv.len = (end + 2 - s->at) * sizeof(uint64_t);
	e->auxv.buf = must_alloc(e->auxv.len);
	memcpy(e->auxv.buf, s->w + s->at, e->auxv.len);
	return true;
}

/* In one look at the stack, where all of it fits. */
static bool read_stack(struct exec *e)
{
	uint64_t sp = arch_stack(&e->regs);
	struct iovec here = { e->stack, sizeof(e->stack) };
	struct iovec there = { (void *)(uintptr_t)sp, sizeof(e->stack) };
	struct words s = { .w = (const uint64_t *)(const void *)e->stack, .at = 1, .base = sp };
	ssize_t n;

	if (sizeof(long) != sizeof(uint64_t) || !arch_is_native(&e->regs))
		return false;
	n = process_vm_readv(e->pid, &here, 1, &there, 1, 0);
	if (n <= 0)
		return false;
	e->stack_at = sp;
	e->stack_len = s.bytes = (size_t)n;
	s.n = s.bytes / sizeof(uint64_t);
	e->argv = strings(e, &s);
	e->envp = e->argv ? strings(e, &s) : NULL;
	if (e->envp && take_auxv(e, &s))
		return true;
	free(e->argv);
	free(e->envp);
	return false;
}

int exec_read_words(struct exec *e)
{
	int r;

	if (read_stack(e))
		return 0;
	task_read(e->pid, "auxv", &e->auxv);
	task_read(e->pid, "cmdline", &e->args);
	r = task_read(e->pid, "environ", &e->env);
	e->argv = task_vector(&e->args);
	e->envp = task_vector(&e->env);
	return r;
}

int exec_list_all(struct exec *e)
{
	ssize_t n;

	free(e->fds);
	n = task_fds(e->pid, &e->fds);
	e->nfds = n > 0 ? (size_t)n : 0;
	e->more = false;
	return n < 0 ? -1 : 0;
}

static bool has_stdio(const struct exec *e)
{
	int fd = 0;

	while (fd <= STDERR_FILENO && task_has_fd(e->pid, fd))
		fd++;
	return fd > STDERR_FILENO;
}

bool exec_has_more(struct exec *e)
{
	e->count = task_count_fds(e->pid);
	if (e->count > STDERR_FILENO + 1)
		return true;
	if (e->count == STDERR_FILENO + 1 && has_stdio(e)) {
		e->fds = must_alloc(sizeof(*e->fds)); /* none above */
		return false;
	}
	exec_list_all(e);
	return !e->fds || (e->nfds && e->fds[e->nfds - 1] > STDERR_FILENO);
}

/* A list costs more than all else, for each that is open; and that somebody asks for one, each number. */
int exec_list(struct exec *e, int last)
{
	if (last > STDERR_FILENO && (size_t)(last - STDERR_FILENO) > e->count)
		return exec_list_all(e);
	e->more = true;
	e->fds = must_alloc((size_t)(last + 2) * sizeof(int));
	for (int fd = STDERR_FILENO + 1; fd <= last; fd++) {
		if (task_has_fd(e->pid, fd)) {
			e->fds[e->nfds++] = fd;
		} else if (errno != ENOENT) {
			free(e->fds);
			e->fds = NULL;
			return -1;
		}
	}
	return 0;
}
