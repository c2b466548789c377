/*
 * judge.c: what crossed an exec to facts, and facts to verdicts, by the policy that the library
 * uses; and the record.
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
#include <sys/sysmacros.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/machine.h"
#include "tools/records/send.h"
#include "tools/supervise/engine.h"

#define ARGV_MAX 4096 /* bytes of arguments in a record */

static const struct fdf_settings *settings(const struct exec *e)
{
	return e->sup->s.settings;
}

static bool is_logged(const struct exec *e)
{
	return e->sup->log[0] != '\0';
}

/* Word i, from 0, of a line of numbers; -1: there is none. */
static long word_of(const struct task_text *status, const char *name, int i)
{
	const char *p = task_status_line(status, name);
	char *end;
	long value = -1;

	do {
		value = strtol(p, &end, 10);
		if (end == p)
			return -1;
		p = end;
	} while (i-- > 0);
	return value;
}

unsigned exec_filters(const struct exec *e)
{
	long n = word_of(&e->status, "Seccomp_filters", 0);

	/* before Linux 5.9 it is not told: then they count as there */
	return n < 0 ? UINT_MAX : (unsigned)n;
}

/* What LISTEN_PID is compared with: the process as it sees itself. */
static pid_t own_pid(const struct exec *e)
{
	const char *p = task_status_line(&e->status, "NSpid");
	long pid = e->pid;
	char *end;

	for (long next; next = strtol(p, &end, 10), end != p; p = end)
		pid = next;
	return (pid_t)pid;
}

static void facts(struct exec *e)
{
	const struct before *b = &e->before;
	struct timespec now;
	struct stat exe;
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/exe", (int)e->pid);
	clock_gettime(CLOCK_REALTIME, &now);
	task_link(e->pid, "exe", e->into, sizeof(e->into));
	task_read(e->pid, "cmdline", &e->args);
	task_read(e->pid, "environ", &e->env);
	task_read(e->pid, "status", &e->status);
	e->argv = task_vector(&e->args);
	e->envp = task_vector(&e->env);
	e->facts = (struct fdf_exec){
		.event = "exec",
		.source = "supervisor",
		.entry = b->entry,
		.time_s = now.tv_sec,
		.time_ns = (uint32_t)now.tv_nsec,
		.host = machine_host(),
		.boot_id = machine_boot_id(),
		.comm = fdf_str(b->stat.comm),
		.pid = own_pid(e),
		.tid = e->pid,
		.ppid = b->stat.ppid,
		.uid = (uint32_t)word_of(&e->status, "Uid", 1),
		.gid = (uint32_t)word_of(&e->status, "Gid", 1),
		.exe = fdf_str(b->exe),
		.into = fdf_str(e->into),
		.argv = e->argv,
		.envp = e->envp,
		.same_image = !b->stat.forked && b->ino && !stat(path, &exe) &&
			      exe.st_ino == b->ino && exe.st_dev == b->dev,
	};
	fdf_intent_read(&e->intent, &e->facts, settings(e)->policy.intent);
	e->facts.pid = e->pid;
}

/* The text at an address of the new image; "" where there is none. */
static void text_at(const struct exec *e, uint64_t at, char *to, size_t size)
{
	struct iovec here = { to, size - 1 }, there = { (void *)(uintptr_t)at, size - 1 };
	ssize_t n = at ? process_vm_readv(e->pid, &here, 1, &there, 1, 0) : 0;

	to[n > 0 ? n : 0] = '\0';
}

/*
 * fexecve of a script: the kernel named it /dev/fd/N, and its interpreter opens that; a program that
 * is executed so is the image itself, and needs no descriptor of it.  -1: it is none.
 */
static int script_of(const struct exec *e)
{
	static const char prefix[] = "/dev/fd/";
	char name[32], path[48], *end;
	struct stat image, file;
	long fd;

	text_at(e, exec_auxv(e, AT_EXECFN), name, sizeof(name));
	if (strncmp(name, prefix, sizeof(prefix) - 1))
		return -1;
	fd = strtol(name + sizeof(prefix) - 1, &end, 10);
	if (end == name + sizeof(prefix) - 1 || (*end && *end != '/'))
		return -1;
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)e->pid);
	if (stat(path, &image))
		return (int)fd;
	snprintf(path, sizeof(path), "/proc/%d/fd/%ld", (int)e->pid, fd);
	return !*end && !stat(path, &file) && file.st_ino == image.st_ino &&
			       file.st_dev == image.st_dev
		       ? -1
		       : (int)fd;
}

/* Facts of descriptor fd of the new image, through a duplicate of it. */
static void look(struct exec *e, int pidfd, int fd)
{
	int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);

	e->look.d = (struct fdf_fd){ .fd = fd };
	if (copy < 0)
		return;
	ownfds_look(&e->look, copy);
	e->look.d.fd = fd;
	close(copy);
}

static void keep(struct exec *e, const struct fdf_fd *d)
{
	e->kept[e->nkept++] =
		(struct born_fd){ d->fd, makedev(d->dev_major, d->dev_minor), d->ino };
}

static void judge_one(struct exec *e, const struct fdf_fd *d)
{
	const struct fdf_settings *set = settings(e);
	struct fdf_decision v = fdf_decide(&set->policy, &e->facts, &e->intent, d);

	if (v.verdict == FDF_SEAL)
		e->seal[e->nseal++] = d->fd;
	else
		keep(e, d);
	e->stop |= v.verdict == FDF_DENY || v.verdict == FDF_ABORT;
	if (is_logged(e) && (v.verdict != FDF_KEEP || set->log_all)) {
		e->shown |= v.verdict != FDF_KEEP;
		fdf_record_fd(&e->record, d, &v);
	}
}

/* Neither asked for by anybody nor given by anybody: the kernel opened it for binfmt_misc. */
static int execfd_of(const struct exec *e)
{
	uint64_t fd = exec_auxv(e, AT_EXECFD);

	return fd ? (int)fd : -1;
}

static void judge_all(struct exec *e, bool judged)
{
	const struct before *b = &e->before;
	int pidfd = (int)syscall(SYS_pidfd_open, e->pid, 0);
	int script = script_of(e), execfd = execfd_of(e);
	bool signs = b->known && born_any(e->sup->born);

	for (size_t i = 0; i < e->nfds; i++) {
		int fd = e->fds[i];
		struct born_fd f = { .fd = fd };

		if (fd <= STDERR_FILENO)
			continue;
		look(e, pidfd, fd);
		f.dev = makedev(e->look.d.dev_major, e->look.d.dev_minor);
		f.ino = e->look.d.ino;
		if (signs && e->look.d.have & FDF_HAVE_TYPE)
			e->look.d.sign = (uint8_t)born_signs(e->sup->born, &b->key, b->pid,
							     b->stat.forked, f);
		if (fd == script)
			e->look.d.sign |= FDF_SIGN_SCRIPT;
		if (judged || fd == execfd)
			keep(e, &e->look.d);
		else
			judge_one(e, &e->look.d);
	}
	if (pidfd >= 0)
		close(pidfd);
}

static void hand_on(struct exec *e)
{
	char head[16];
	size_t len = fdf_record_end(&e->record, 0, e->inexact);

	snprintf(head, sizeof(head), "%d", (int)e->pid);
	record_send(e->sup->log, e->sup->log_key, head, e->buf, len);
}

static void begin_record(struct exec *e)
{
	e->record = (struct fdf_record){ .buf = e->buf,
					 .cap = sizeof(e->buf),
					 .argv_max = settings(e)->log_argv ? ARGV_MAX : 0 };
	fdf_record_begin(&e->record, &e->facts);
}

static const char *value_of(char *const *envp, const char *name)
{
	size_t len = strlen(name);

	for (; *envp; envp++)
		if (!strncmp(*envp, name, len) && (*envp)[len] == '=')
			return *envp + len + 1;
	return "";
}

/* How many descriptors LISTEN_FDS gives to this very process. */
static int addressed(const struct exec *e)
{
	long pid = strtol(value_of(e->envp, "LISTEN_PID"), NULL, 10);
	long n = strtol(value_of(e->envp, "LISTEN_FDS"), NULL, 10);

	return n > 0 && pid == own_pid(e) ? (int)(n & 0xffff) : 0;
}

/* What the new image was given, for its own execs. */
static void remember(struct exec *e)
{
	struct task_stat stat_now;
	struct born_key key;
	struct stat exe;
	char path[32];

	if (!e->nkept && !born_any(e->sup->born))
		return;
	snprintf(path, sizeof(path), "/proc/%d/exe", (int)e->pid);
	if (task_stat(e->pid, &stat_now) || stat(path, &exe) ||
	    !born_key(&key, &stat_now, exe.st_dev, exe.st_ino))
		return;
	born_start(e->sup->born, &key, e->kept, e->nkept, e->nkept ? addressed(e) : 0);
}

void exec_judge(struct exec *e)
{
	const struct before *b = &e->before;
	bool judged = e->told ||
		      (b->pid == e->sup->s.first && b->known && born_is(&b->key, &e->sup->self));
	ssize_t n = task_fds(e->pid, &e->fds);
	bool any = n > 0 && e->fds[n - 1] > STDERR_FILENO;

	e->nfds = n > 0 ? (size_t)n : 0;
	if (n < 0) {
		e->fds = NULL;
		e->inexact = "the new image may not be looked into: all above 2 was closed, meant "
			     "or not";
	}
	if (any || n < 0 || (settings(e)->log_all && !judged)) {
		task_read(e->pid, "auxv", &e->auxv);
		facts(e);
		e->seal = must_alloc((e->nfds + 1) * sizeof(*e->seal));
		e->kept = must_alloc((e->nfds + 1) * sizeof(*e->kept));
		if (is_logged(e))
			begin_record(e);
		judge_all(e, judged);
		if (is_logged(e) && !judged && (e->shown || e->inexact || settings(e)->log_all))
			hand_on(e);
	}
	if (e->held)
		born_let_go(e->sup->born, &b->key, b->pid, true);
	e->held = false;
	remember(e);
}

void exec_tell_unseen(struct exec *e, enum unseen why)
{
	if (!is_logged(e))
		return;
	e->inexact = unseen_text(why);
	e->pid = e->before.tid;
	facts(e);
	/* What /proc says is still the caller's; and what it asks for may be unreadable, as it is. */
	text_at(e, e->path, e->into, sizeof(e->into));
	e->facts.into = fdf_str(e->into);
	e->facts.argv = NULL;
	begin_record(e);
	hand_on(e);
}
