/*
 * exec.c: an exec with the fence around it.
 *
 * A task that is alone with a small table seals in place and undoes it when the
 * exec fails.  Otherwise a helper task of the same thread group, with a trimmed
 * private copy of the table, does the exec: the process keeps its number, no
 * other thread sees a change, and an exec that fails leaves nothing behind.
 * Runs in vfork children and signal handlers.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>

#include "preload/start/fileactions.h"
#include "preload/start/env.h"
#include "preload/start/exec.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/readable.h"
#include "preload/raw/task.h"
#include "preload/judge/seal.h"

#define HELPER                                                                              \
	(CLONE_VM | CLONE_THREAD | CLONE_SIGHAND | CLONE_FS | CLONE_FILES | CLONE_SYSVSEM | \
	 CLONE_IO)

#define FEW 64 /* descriptors; docs/performance.md shows where a helper task becomes cheaper */

struct attempt {
	struct fdf_judge judge;
	struct fdf_undo undo;
	unsigned count;		       /* of open descriptors; 0: not known */
	int (*run)(struct attempt *a); /* what is done once the table is sealed */
	bool execs;		       /* ... replaces the image when it succeeds */
	int (*fn)(void *);
	void *arg;
	const struct fdf_call *call;
	char *const *envp;
	char *handover;
	fdf_sigset mask;    /* the caller's */
	fdf_sigset pending; /* sent to the caller's thread and blocked: they would end with it */
	int death_signal;
	bool reset_on_fork; /* the scheduling policy is not passed on to a new task */
	struct {
		uint32_t size, policy;
		uint64_t flags;
		int32_t nice;
		uint32_t priority;
		uint64_t runtime, deadline, period;
	} sched;      /* struct sched_attr, first version */
	bool private; /* the helper came as far as the exec, or to a verdict */
	int err;
};

int fdf_raw_exec(const struct fdf_call *c, char *const *envp)
{
	if (c->dirfd == AT_FDCWD && !c->flags)
		return (int)SYS3(__NR_execve, c->path, c->argv, envp);
	return (int)SYS5(__NR_execveat, c->dirfd, c->path, c->argv, envp, c->flags);
}

static int run_exec(struct attempt *a)
{
	const struct fdf_judge *j = &a->judge;

	fdf_handover_write(j->f, a->handover, j->pid, a->call->dirfd, a->call->path,
			   j->gives || j->passes);
	return fdf_raw_exec(a->call, a->envp);
}

static int run_call(struct attempt *a)
{
	return a->fn(a->arg);
}

/*
 * May the part of the table that nobody needs be closed?  Not if the path leads through it; and a
 * small copy costs nothing.
 */
static bool may_trim(const struct attempt *a)
{
	const struct fdf_call *c = a->call;

	return a->execs && c->dirfd == AT_FDCWD && (c->path[0] != '/' || !fdf_by_table(c->path)) &&
	       !(a->count ? a->count <= 256 : fdf_tab_small());
}

static int helper(void *arg)
{
	struct attempt *a = arg;
	struct fdf_judge *j = &a->judge;

	if (a->death_signal)
		SYS2(__NR_prctl, 1 /* PR_SET_PDEATHSIG */, a->death_signal);
	if (a->reset_on_fork)
		a->err = (int)SYS3(__NR_sched_setattr, 0, &a->sched, 0);
	if (a->err < 0)
		return 0;
	j->copied = a->execs;
	a->err = fdf_seal_private(j, may_trim(a), a->call->dirfd);
	if (a->err < 0 || j->locked)
		return 0;
	a->private = true;
	a->err = fdf_judge_commit(j);
	if (a->err < 0)
		return 0;
	for (int sig = 1; a->execs && sig <= 64; sig++)
		if (a->pending.w[(sig - 1) / 32] & 1u << ((sig - 1) % 32))
			SYS3(__NR_tgkill, j->pid, sys_gettid(), sig);
	sys_sigmask(SIG_SETMASK, &a->mask, NULL);
	a->err = a->run(a);
	return 0;
}

/*
 * Signals that wait for this thread alone, and that the caller has blocked: the line SigPnd of its
 * status.  The helper gets a copy of them, as raise() would have sent them.
 */
static void __attribute__((noinline)) thread_pending(fdf_sigset *set, const fdf_sigset *mask)
{
	fdf_sigset any = { { 0, 0 } };
	char buf[512];
	ssize_t n, kept = 0;
	int fd;

	SYS2(__NR_rt_sigpending, &any, sizeof any);
	if (!((any.w[0] & mask->w[0]) | (any.w[1] & mask->w[1])))
		return;
	fd = sys_open("/proc/thread-self/status", O_RDONLY | O_CLOEXEC);
	while (fd >= 0 && (n = sys_read(fd, buf + kept, sizeof buf - (size_t)kept)) > 0) {
		n += kept;
		for (ssize_t i = 0; i + 24 <= n; i++) {
			if (buf[i] != 'S' || buf[i + 3] != 'P' || buf[i + 4] != 'n' ||
			    buf[i + 6] != ':')
				continue;
			/* SigPnd:\t and 16 hexadecimal digits, the highest signal first */
			for (int k = 0; k < 16; k++) {
				unsigned c = (unsigned char)buf[i + 8 + k];

				set->w[k < 8] =
					set->w[k < 8] << 4 | (c <= '9' ? c - '0' : c - 'a' + 10);
			}
			set->w[0] &= mask->w[0];
			set->w[1] &= mask->w[1];
			break;
		}
		kept = n < 24 ? n : 24; /* the line may be cut */
		for (ssize_t i = 0; i < kept; i++)
			buf[i] = buf[n - kept + i];
	}
	if (fd >= 0)
		sys_close(fd);
}

/* -ENOSYS or the like if no helper can be had: then nothing was done. */
static int run_in_helper(struct attempt *a)
{
	static const fdf_sigset all = { { ~0u, ~0u } };
	struct fdf_clone vforked = { .flags = HELPER | CLONE_VFORK };
	long r;

	sys_sigmask(SIG_SETMASK, &all, &a->mask);
	thread_pending(&a->pending, &a->mask);
	SYS2(__NR_prctl, 2 /* PR_GET_PDEATHSIG */, &a->death_signal);
	a->reset_on_fork =
		SYS1(__NR_sched_getscheduler, 0) & 0x40000000 /* SCHED_RESET_ON_FORK */ &&
		SYS4(__NR_sched_getattr, 0, &a->sched, sizeof a->sched, 0) == 0;
	a->err = 0;
	/*
	 * In a vfork child the parent wakes up, on this stack, before the kernel reports the end of
	 * a thread; a debugger does not follow those children anyway.
	 */
	if (fdf_borrowed(a->judge.f, a->judge.pid))
		r = sys_clone_call(&vforked, 0, helper, a);
	else
		r = sys_thread_call(HELPER, helper, a);
	sys_sigmask(SIG_SETMASK, &a->mask, NULL);
	return r < 0 ? (int)r : a->private ? 0 : -EAGAIN;
}

static int run_in_place(struct attempt *a, bool shared)
{
	int r;

	fdf_seal_in_place(&a->judge, &a->undo, shared);
	r = fdf_judge_commit(&a->judge);
	if (r == 0)
		r = a->run(a);
	fdf_unseal(&a->undo);
	return r;
}

/* few: the task is alone, and a->undo is filled in. */
static int sealed(struct attempt *a, bool few)
{
	struct fdf_judge *j = &a->judge;

	if (j->passes) /* nothing is sealed */
		return a->run(a);
	if (few)
		return run_in_place(a, false);
	if (run_in_helper(a) == 0)
		return a->err;
	fdf_judge_restart(
		j); /* no helper can be had, or the table's owner has a lock that is to be kept */
	if (!fdf_undo_note(&a->undo, fdf_tab_count(false), true))
		j->inexact = "the size of the descriptor table is not known";
	return run_in_place(a, !fdf_alone(j->f, j->pid));
}

/*
 * Is the table this task's alone, with so few descriptors that looking at each is cheaper than a
 * helper task?  Then a->undo tells what an exec would inherit.
 */
static bool look_at_few(const struct fdf_fence *f, struct attempt *a, int pid)
{
	if (!a->execs || !fdf_alone(f, pid))
		return false;
	a->count = fdf_tab_count(true);
	return (a->count ? a->count <= FEW : fdf_tab_small()) &&
	       fdf_undo_note(&a->undo, a->count, false) && !a->undo.missed;
}

static int attempt(struct fdf_fence *f, struct attempt *a, struct fdf_scratch *scratch)
{
	bool wants_scratch = fdf_judge_wants_scratch(f);
	int pid = sys_getpid();
	bool few = look_at_few(f, a, pid);

	if (few && a->undo.last < 0 && !wants_scratch && !scratch) {
		/* the commonest exec: there is nothing to judge */
		fdf_handover_write(f, a->handover, pid, a->call->dirfd, a->call->path, false);
		return fdf_raw_exec(a->call, a->envp);
	}
	fdf_judge_begin(&a->judge, f, a->call, scratch, pid);
	a->err = sealed(a, few);
	if (a->execs || a->judge.stop)
		fdf_judge_failed(&a->judge, -a->err);
	fdf_scratch_put(f, scratch);
	if (a->judge.stop ==
	    FDF_ABORT) /* in the thread that asked: a debugger or a core shows the place */
		SYS3(__NR_tgkill, pid, sys_gettid(), SIGABRT);
	return a->err;
}

static int attempt_exec(struct fdf_fence *f, const struct fdf_call *c, char *const *envp,
			char *handover, struct fdf_scratch *scratch)
{
	struct attempt a = {
		.run = run_exec, .execs = true, .call = c, .envp = envp, .handover = handover
	};

	return attempt(f, &a, scratch);
}

int fdf_call_sealed(const struct fdf_call *c, int (*fn)(void *arg), void *arg)
{
	struct attempt a = { .run = run_call, .call = c, .fn = fn, .arg = arg };
	struct fdf_fence *f = fdf_fence;

	return attempt(f, &a, fdf_judge_wants_scratch(f) ? fdf_scratch_get(f, sys_getpid()) : NULL);
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
		return -EFAULT;
	fails.argv = FDF_NO_ADDRESS;
	return fdf_raw_exec(&fails, c->envp);
}

int fdf_exec(const struct fdf_call *c)
{
	struct fdf_fence *f = fdf_fence;
	char handover[FDF_HANDOVER_LEN];
	struct fdf_scratch *scratch;
	struct fdf_env plan;
	char **place;

	if (!f || f->set.off || !c->path)
		return fdf_raw_exec(c, c->envp);
	if (!fdf_call_readable(c))
		return fdf_exec_unreadable(c);
	plan = fdf_env_plan(f, c->envp);
	place = fdf_env_place(f, &plan, &scratch);
	if (!place && plan.len <= FDF_STACK_ENV)
		place = __builtin_alloca(plan.len);
	return attempt_exec(f, c, fdf_env_build(f, c->envp, &plan, place, handover), handover,
			    scratch);
}
