/*
 * aside.c: a call of libc's that starts a program, in a task with a sealed table of its own.
 *
 * A helper thread on the caller's own stack, below its frames, while the caller waits with all
 * signals blocked.  Only for what does not end with an exec: that would end the caller.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>

#include "preload/start/exec.h"
#include "preload/judge/seal.h"
#include "preload/raw/task.h"
#include "preload/raw/sys.h"

#define HELPER                                                                              \
	(CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | \
	 CLONE_IO)

struct aside {
	struct fdf_judge judge;
	int (*fn)(void *);
	void *arg;
	fdf_sigset mask; /* the caller's */
	int err;
};

static int helper(void *arg)
{
	struct aside *a = arg;

	a->err = fdf_seal_private(&a->judge, false, -1);
	if (a->err < 0)
		return 0;
	a->err = fdf_judge_commit(&a->judge);
	if (a->err < 0)
		return 0;
	sys_sigmask(SIG_SETMASK, &a->mask, NULL);
	a->err = a->fn(a->arg);
	return 0;
}

int fdf_call_sealed(const struct fdf_call *c, int (*fn)(void *arg), void *arg)
{
	static const fdf_sigset all = { { ~0u, ~0u } };
	struct fdf_fence *f = fdf_fence;
	struct fdf_scratch *scratch =
		fdf_judge_wants_scratch(f) ? fdf_scratch_get(f, sys_getpid()) : NULL;
	struct aside a = { .fn = fn, .arg = arg };
	long r;

	fdf_judge_begin(&a.judge, f, c, false, scratch, sys_getpid());
	sys_sigmask(SIG_SETMASK, &all, &a.mask);
	r = sys_thread_call(HELPER, helper, &a);
	sys_sigmask(SIG_SETMASK, &a.mask, NULL);
	if (r < 0)
		a.err = (int)r;
	fdf_scratch_put(f, scratch);
	return a.err;
}
