/*
 * system.c: system() on the spawn engine, with libc's rules for signals and cancellation.
 *
 * While any thread is in it, SIGINT and SIGQUIT are ignored: the first one in
 * saves the dispositions, the last one out restores them.  Not for signal
 * handlers or vfork children, as in libc.
 */
#include <errno.h>
#include <signal.h>

#include "preload/raw/sys.h"
#include "preload/raw/libc.h"
#include "preload/raw/errno.h"
#include "preload/start/command.h"
#include "preload/start/shell.h"
#include "preload/start/spawn.h"

struct waiting {
	struct fdf_fence *f;
	int pid;
	fdf_sigset mask;
};

static struct fdf_sigaction saved_int, saved_quit; /* under the lock */

/* Held for four system calls; a forked child finds it free. */
static void lock(struct fdf_fence *f)
{
	struct {
		long s, ns;
	} pause = {
		0, 1000000
	}; /* a real-time thread that yielded would keep the holder from running */

	while (__atomic_exchange_n(&f->system_lock, 1, __ATOMIC_ACQUIRE))
		SYS2(__NR_nanosleep, &pause, NULL);
}

static void unlock(struct fdf_fence *f)
{
	__atomic_store_n(&f->system_lock, 0, __ATOMIC_RELEASE);
}

static void enter(struct fdf_fence *f, fdf_sigset *mask)
{
	struct fdf_sigaction ignore = { .handler = (void *)SIG_IGN };
	fdf_sigset chld = { { 1u << (SIGCHLD - 1), 0 } };

	lock(f);
	if (f->in_system++ == 0) {
		sys_sigaction(SIGINT, &ignore, &saved_int);
		sys_sigaction(SIGQUIT, &ignore, &saved_quit);
	}
	unlock(f);
	sys_sigmask(SIG_BLOCK, &chld, mask);
}

static void leave(struct fdf_fence *f, const fdf_sigset *mask)
{
	lock(f);
	if (--f->in_system == 0) {
		sys_sigaction(SIGINT, &saved_int, NULL);
		sys_sigaction(SIGQUIT, &saved_quit, NULL);
	}
	unlock(f);
	sys_sigmask(SIG_SETMASK, mask, NULL);
}

/* glibc: a cancelled system() ends its child. */
static void cancelled(void *arg)
{
	const struct waiting *w = arg;

	SYS2(__NR_kill, w->pid, SIGKILL);
	while (SYS4(__NR_wait4, w->pid, NULL, 0, NULL) == -EINTR)
		;
	leave(w->f, &w->mask);
}

static int wait_for(struct waiting *w)
{
	bool cleans = w->f->glibc && fdf_real.cleanup_push && fdf_real.cleanup_pop;
	struct fdf_cleanup c;
	int status = -1, r;

	if (cleans)
		fdf_real.cleanup_push(&c, cancelled, w);
	do
		r = fdf_real.waitpid(w->pid, &status, 0);
	while (r < 0 && *__errno_location() == EINTR);
	if (cleans)
		fdf_real.cleanup_pop(&c, 0);
	return r < 0 ? -1 : status;
}

static int run(struct fdf_fence *f, const char *command)
{
	char *argv[5];
	struct fdf_attr attr = { .flags = FDF_SPAWN_SETSIGDEF | FDF_SPAWN_SETSIGMASK };
	struct fdf_spawn s = { .call = { .entry = "system",
					 .dirfd = AT_FDCWD,
					 .path = "/bin/sh",
					 .argv = argv,
					 .envp = environ },
			       .attr = &attr,
			       .from = -1,
			       .onto = -1 };
	struct waiting w = { .f = f };
	int status;

	fdf_command_argv(f, command, argv);
	enter(f, &w.mask);
	attr.sigmask = w.mask;
	if (saved_int.handler != (void *)SIG_IGN)
		fdf_sigset_add(&attr.sigdefault, SIGINT);
	if (saved_quit.handler != (void *)SIG_IGN)
		fdf_sigset_add(&attr.sigdefault, SIGQUIT);
	w.pid = fdf_spawn(f, &s);
	if (w.pid > 0)
		status = wait_for(&w);
	else /* no shell is one that ended, for glibc */
		status = f->glibc && (!fdf_command_tells(f) || w.pid == -ENOENT) ? 127 << 8 : -1;
	leave(f, &w.mask);
	if (w.pid < 0)
		fdf_ret(w.pid);
	return status;
}

int fdf_system(struct fdf_fence *f, const char *command)
{
	if (!command)
		return f->glibc ? run(f, "exit 0") == 0 : 1;
	if (!f->glibc && fdf_real.testcancel)
		fdf_real.testcancel();
	return run(f, command);
}
