/*
 * exec.c: an exec with the fence around it.
 *
 * The thread that asked for it does it: the kernel ties a tracer, children's death signals, pending
 * signals and handlers' stacks to it, and ends every other thread.  So the order is: predict, and
 * return what will fail with nothing touched; then leave the table that others share, seal, exec.
 * Runs in vfork children and signal handlers.
 */
#include <errno.h>
#include <signal.h>

#include "preload/core/fdpath.h"
#include "preload/start/env.h"
#include "preload/start/exec.h"
#include "preload/start/predict.h"
#include "preload/judge/seal.h"
#include "preload/raw/readable.h"
#include "preload/raw/sys.h"

#define FDF_EXECVE_CHECK \
	0x10000 /* AT_EXECVE_CHECK, since Linux 6.14: it asks, and executes nothing */

int fdf_raw_exec(const struct fdf_call *c, char *const *envp, long cookie)
{
	if (c->dirfd == AT_FDCWD && !c->flags && !c->at)
		return (int)sys6(__NR_execve, (long)c->path, (long)c->argv, (long)envp, 0, 0,
				 cookie);
	return (int)sys6(__NR_execveat, c->dirfd, (long)c->path, (long)c->argv, (long)envp,
			 c->flags, cookie);
}

static int sealed(struct fdf_judge *j, char *const *envp, char *handover, bool alone,
		  struct fdf_undo *undo)
{
	int r = j->passes ? 0 : fdf_seal_own(j, undo, alone);

	if (r < 0) { /* refused, and the record of it is out */
		fdf_judge_failed(j, -r);
		return r;
	}
	r = fdf_judge_commit(j);
	if (r == 0) {
		if (j->gives || j->passes)
			fdf_handover_write(j->f, handover, j->pid, j->call->dirfd, j->call->path,
					   true);
		fdf_seal_rest(j);
		r = fdf_raw_exec(j->call, envp, fdf_judge_cookie(j));
	}
	if (undo->marked)
		fdf_seal_failed(j, undo);
	fdf_judge_failed(j, -r);
	return r;
}

/* May it be a script that is found through a descriptor in a way that its path does not show? */
static bool may_be_odd(const struct fdf_call *c, const struct fdf_predicted *seen,
		       const struct fdf_undo *undo, int pid)
{
	return seen->script && (!seen->file || fdf_seal_may_hold(undo, seen->file) ||
				fdf_path_within(c->path, pid) >= 0);
}

/* A function of its own, so that its frame is not there while the exec is predicted. */
static int __attribute__((noinline))
judged(struct fdf_fence *f, const struct fdf_call *c, char *const *envp, char *handover,
       const struct fdf_predicted *seen, bool alone, struct fdf_scratch *scratch, int pid)
{
	struct fdf_was was[FDF_UNDO_MAX];
	struct fdf_undo undo = { .was = was, .max = FDF_UNDO_MAX };
	struct fdf_judge j;
	int r;

	fdf_seal_note(&undo, alone, seen->smallest, seen->open_below);
	fdf_judge_begin(&j, f, c, may_be_odd(c, seen, &undo, pid), scratch, pid, FDF_CALLER);
	r = sealed(&j, envp, handover, alone, &undo);
	fdf_scratch_put(f, scratch);
	if (j.stop == FDF_ABORT) /* a debugger or a core shows the place */
		SYS3(__NR_tgkill, j.pid, sys_gettid(), SIGABRT);
	return r;
}

bool fdf_call_readable(const struct fdf_call *c)
{
	struct fdf_readable r = { 0 };

	return fdf_readable_text(&r, c->path) && fdf_readable_vector(&r, c->argv) &&
	       fdf_readable_vector(&r, c->envp);
}

int fdf_exec_unreadable(const struct fdf_call *c)
{
	struct fdf_readable r = { 0 };
	struct fdf_call fails = *c;

	if (!fdf_readable_text(&r, c->path))
		fails.path = (const char *)FDF_NO_ADDRESS;
	fails.argv = FDF_NO_ADDRESS;
	return fdf_raw_exec(&fails, c->envp, fdf_cookie());
}

/* What others would see of an exec that fails behind the seal counts as well: a record, a refusal. */
static enum fdf_table table_of(const struct fdf_fence *f, int pid)
{
	bool is_new = f->sharing.unsure == FDF_STOPS && fdf_borrowed(f, pid);

	return is_new && !fdf_judge_wants_scratch(f) && f->set.policy.verdict == FDF_SEAL &&
			       !f->set.on_error_deny
		       ? FDF_FRESH
		       : FDF_LONE;
}

/* Nothing is inherited but what a signal handler has placed while that was looked at. */
static int exec_idle(const struct fdf_fence *f, const struct fdf_call *c, char *const *envp)
{
	if (f->set.policy.verdict != FDF_REPORT)
		sys_close_range(3, ~0u, FDF_CLOSE_RANGE_CLOEXEC);
	return fdf_raw_exec(c, envp, fdf_cookie());
}

int fdf_exec(const struct fdf_call *c)
{
	struct fdf_fence *f = fdf_fence;
	char handover[FDF_HANDOVER_LEN];
	struct fdf_scratch *scratch;
	struct fdf_env plan;
	char **place, *const *envp;
	struct fdf_predicted seen = { 0 };
	enum fdf_table table;
	bool alone, idle;
	int r, pid;

	if (!f || f->set.off || !c->path || (c->flags & FDF_EXECVE_CHECK))
		return fdf_raw_exec(c, c->envp, 0);
	if (!fdf_call_readable(c))
		return fdf_exec_unreadable(c);
	plan = fdf_env_plan(f, c->envp);
	place = fdf_env_place(f, &plan, &scratch);
	if (!place && plan.len <= FDF_STACK_ENV)
		place = __builtin_alloca(plan.len);
	envp = fdf_env_build(f, c->envp, &plan, place, handover);
	pid = sys_getpid();
	fdf_handover_write(f, handover, pid, c->dirfd, c->path, false);
	alone = fdf_seal_is_alone(f);
	table = alone ? table_of(f, pid) : FDF_SHARED;
	idle = alone && fdf_seal_is_idle(f);
	r = idle ? exec_idle(f, c, envp) : fdf_predict(f, c, envp, table, &seen);
	if (r == -E2BIG && envp != c->envp) { /* it may fit as it was asked for */
		envp = c->envp;
		fdf_env_unchanged(f, &plan);
		r = idle ? exec_idle(f, c, envp) : fdf_predict(f, c, envp, table, &seen);
	}
	if (r == 0)
		return judged(f, c, envp, handover, &seen, alone, scratch, pid);
	fdf_scratch_put(f, scratch);
	return r;
}
