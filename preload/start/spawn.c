/*
 * spawn.c: see spawn.h.
 *
 * child() and all below it run on the caller's stack, in the caller's memory,
 * in a new process, while the caller sleeps with all signals blocked.
 */
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <unistd.h>

#include "preload/core/fdpath.h"
#include "preload/start/env.h"
#include "preload/start/exec.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/readable.h"
#include "preload/raw/task.h"
#include "preload/judge/pair.h"
#include "preload/judge/seal.h"
#include "preload/start/spawn.h"
#include "preload/start/way.h"

#define GLIBC_OWN 32 /* and 33: SIGCANCEL, SIGSETXID */

struct spawning {
	const struct fdf_spawn *s;
	struct fdf_fence *f;
	struct fdf_fileactions actions;
	struct fdf_env plan;
	char *const *envp;
	char *handover;
	struct fdf_scratch *scratch;
	fdf_sigset mask;      /* the caller's */
	unsigned own_signals; /* of libc's, that the child ignores: bit 0 is signal 32 */
	bool unreadable;      /* argv or envp: the exec fails, and there is nothing to judge */
	bool needs_table;     /* whole: it is small, or a path leads through it */
	bool unasked;	      /* ... and no: that the exec succeeds without it tells */
	bool asks;	      /* it did not, or what was sealed may be needed behind it */
	bool cleared;	      /* clone3 has reset the handlers */
	bool shared;	      /* the child starts with the caller's table, and has to leave it */
	bool unshare_denied;  /* ... and could not */
	uint8_t stop;
	int pidfd;
	int err; /* negative errno; 0: the exec went through */
	struct fdf_judge judge;
};

/*
 * Signals that libc has for itself, from 32 on: the child of glibc 2.36 ignores its two, that of 2.41
 * does not; musl's ignores those of its three that are caught.  Asked before the kernel clears handlers.
 */
static unsigned libcs_own(const struct fdf_fence *f)
{
	struct fdf_sigaction old;
	unsigned own = f->glibc && f->glibc_minor < 41 ? 3 : 0;

	for (int sig = GLIBC_OWN; !f->glibc && sig <= 34; sig++)
		if (sys_sigaction(sig, NULL, &old) == 0 && (unsigned long)old.handler > 1)
			own |= 1u << (sig - 32);
	return own;
}

static void ignore_libcs_own(const struct spawning *p, const fdf_sigset *def)
{
	struct fdf_sigaction ignore = { .handler = (void *)1 };

	for (int sig = GLIBC_OWN; sig <= 34; sig++)
		if (p->own_signals >> (sig - 32) & 1 && !(def && fdf_sigset_has(def, sig)))
			sys_sigaction(sig, &ignore, NULL);
}

/*
 * Caught signals go back to their default, since the handlers' memory will be gone; so do those of
 * FDF_SPAWN_SETSIGDEF, ignored or not.
 */
static void reset_signals(const struct spawning *p)
{
	const struct fdf_attr *a = p->s->attr;
	bool def = a && (a->flags & FDF_SPAWN_SETSIGDEF);

	ignore_libcs_own(p, def ? &a->sigdefault : NULL);
	if (p->cleared && !def)
		return;
	for (int sig = 1; sig <= FDF_LAST_SIGNAL; sig++) {
		struct fdf_sigaction sa = { 0 }, old;

		if (!(def && fdf_sigset_has(&a->sigdefault, sig)) &&
		    (p->cleared || sys_sigaction(sig, NULL, &old) < 0 ||
		     (unsigned long)old.handler < 2))
			continue;
		sys_sigaction(sig, &sa, NULL);
	}
}

static int run_actions(const struct spawning *p)
{
	const struct fdf_spawn *s = p->s;
	struct fdf_cursor c = { 0 };
	struct fdf_fileaction a;
	int r = 0;

	while (r >= 0 && fdf_fileaction_next(s->file_actions, p->f->glibc, &c, &a))
		r = fdf_fileaction_run(&a, p->f->glibc);
	if (r >= 0 && s->from >= 0)
		r = fdf_move(s->from, s->onto);
	for (const int *n = s->close; r >= 0 && n && *n >= 0; n++)
		if (*n != s->onto)
			sys_close(*n);
	return r < 0 ? r : 0;
}

/* What the file actions will do to ends of pairs: the child itself does it, before its exec. */
static void note_pairs(const struct spawning *p, int child)
{
	struct fdf_cursor c = { 0 };
	struct fdf_fileaction a;

	while (fdf_pair_last(p->f) &&
	       fdf_fileaction_next(p->s->file_actions, p->f->glibc, &c, &a)) {
		if (a.kind == FDF_DO_CLOSE)
			fdf_pair_spawn_closes(p->f, child, a.fd);
		else if (a.kind == FDF_DO_DUP2 && a.newfd < 3)
			fdf_pair_spawn_places(p->f, child, a.fd);
	}
}

/* What the child closes or replaces does not cross; what it places is judged behind the actions. */
static bool settles(const void *arg, int fd)
{
	const struct spawning *p = arg;

	for (const int *n = p->s->close; n && *n >= 0; n++)
		if (*n == fd)
			return true;
	return fdf_fileactions_settle(p->s->file_actions, p->f->glibc, fd);
}

/* What the file actions put above 2 is meant, but rules and strict intent come first. */
static void judge_targets(struct spawning *p)
{
	struct fdf_judge *j = &p->judge;
	const struct fdf_policy *pol = &p->f->set.policy;

	j->gives |= p->actions.places;
	if (!p->actions.places || (!pol->nrules && !j->log && (pol->intent & FDF_ACT)))
		return;
	j->sign = FDF_SIGN_SPAWN;
	if (!fdf_tab_walk(false, fdf_judge_see, j))
		j->inexact = "the size of the descriptor table is not known";
}

static int exec_with_handover(struct spawning *p, const struct fdf_call *c)
{
	int r;

	fdf_handover_write(p->f, p->handover, p->judge.pid, AT_FDCWD, c->path,
			   p->judge.gives || p->judge.passes);
	r = fdf_raw_exec(c, p->envp, fdf_judge_cookie(&p->judge));
	if (r != -E2BIG || p->envp == c->envp)
		return r;
	/* it may fit as it was asked for */
	fdf_env_unchanged(p->f, &p->plan);
	return fdf_raw_exec(c, c->envp, fdf_judge_cookie(&p->judge));
}

static int try_exec(void *arg, const char *path)
{
	struct spawning *p = arg;
	struct fdf_call c = p->s->call;
	int r;

	c.path = path;
	if (p->unreadable)
		return fdf_exec_unreadable(&c);
	r = exec_with_handover(p, &c);
	if (r == -ENOEXEC && p->s->to_shell) {
		char *argv[fdf_argc(c.argv) + 3];

		fdf_shell_argv(argv, path, c.argv);
		c.argv = argv;
		c.path = "/bin/sh";
		r = exec_with_handover(p, &c);
	}
	return r;
}

/*
 * May the exec itself tell whether a path leads through the table?  The copy ends below all that
 * needs no look, and what is not there cannot be executed.  A search would go on to another
 * directory, what file actions have opened stays opened, and in a table that stays whole all are found.
 */
static bool may_go_unasked(const struct spawning *p, const char *path)
{
	return p->shared && !p->asks && !p->s->search && !p->actions.leads &&
	       fdf_path_fd(path) < 0 && fdf_path_within(path, sys_getpid()) < 0 &&
	       !fdf_judge_wants_scratch(p->f) && fdf_ways_are_told(p->f);
}

static bool paths_need_table(const struct spawning *p, const char *path)
{
	return fdf_way_through_table(path) || fdf_way_needs_table(p->f, p->s, path);
}

static void begin(struct spawning *p, const char *path)
{
	struct fdf_call c = p->s->call;
	bool through = false;

	c.path = path;
	p->unasked = may_go_unasked(p, path);
	if (!p->unasked) {
		through = fdf_way_through_table(path);
		p->needs_table =
			through || fdf_tab_small() || fdf_way_needs_table(p->f, p->s, path);
	}
	fdf_judge_begin(&p->judge, p->f, &c, through, p->scratch, sys_getpid(), FDF_CHILD);
	p->judge.call = &p->s->call;
}

/* The candidate that the judgement is about: the first that can be executed. */
static int executable(void *arg, const char *path)
{
	struct spawning *p = arg;
	int r = (int)SYS3(__NR_faccessat, AT_FDCWD, path, X_OK);

	if (r == 0)
		begin(p, path);
	return r;
}

static int prepare(struct spawning *p)
{
	const struct fdf_spawn *s = p->s;
	int r, source = p->actions.source > s->from ? p->actions.source : s->from;

	reset_signals(p);
	r = fdf_attr_apply(s->attr, p->f->glibc);
	if (r < 0)
		return r;
	if (p->unreadable)
		return run_actions(p);
	if (!s->search || fdf_search(s->call.path, executable, p) < 0)
		begin(p, s->call.path);
	p->judge.borrows = FDF_YES;
	note_pairs(p, p->judge.pid);
	p->judge.ends = settles;
	p->judge.ends_arg = p;
	r = fdf_seal_private(&p->judge, !p->needs_table, source);
	if (r < 0) {
		p->unshare_denied = p->shared;
		if (p->shared)
			return r;
		p->judge.inexact = NULL; /* the copy that fork made is private already */
		if (!fdf_tab_walk(false, fdf_judge_see, &p->judge))
			p->judge.inexact = "the size of the descriptor table is not known";
	}
	/* an interpreter may open it once more, if there is anything */
	if (p->unasked && p->judge.seals && fdf_way_through_table(s->call.path) &&
	    SYS3(__NR_faccessat, AT_FDCWD, s->call.path, F_OK) == 0) {
		p->asks = true;
		return -EAGAIN;
	}
	r = run_actions(p);
	if (r < 0)
		return r;
	p->judge.ends = NULL;
	judge_targets(p);
	r = fdf_judge_commit(&p->judge);
	p->stop = p->judge.stop;
	if (r < 0)
		fdf_judge_failed(&p->judge, -r);
	return r;
}

static int child(void *arg)
{
	struct spawning *p = arg;
	const struct fdf_attr *a = p->s->attr;
	fdf_sigset mask = p->mask;
	int r = prepare(p);

	if (r == 0) {
		if (a && (a->flags & FDF_SPAWN_SETSIGMASK)) {
			mask = a->sigmask;
			/* glibc keeps two for itself: its sigprocmask() lets nobody block them */
			for (int sig = GLIBC_OWN; p->f->glibc && sig < GLIBC_OWN + 2; sig++)
				fdf_sigset_drop(&mask, sig);
		}
		sys_sigmask(SIG_SETMASK, &mask, NULL);
		r = p->s->search ? fdf_search(p->s->call.path, try_exec, p)
				 : try_exec(p, p->s->call.path);
		if (!p->unreadable)
			fdf_judge_failed(&p->judge, -r);
	}
	p->err = r;
	return 127;
}

static long start(struct spawning *p, int share)
{
	const struct fdf_spawn *s = p->s;
	struct fdf_clone c = { .exit_signal = SIGCHLD };
	bool cgroup = s->attr && (s->attr->flags & FDF_SPAWN_SETCGROUP);
	long r;

	p->shared = share != 0;
	p->unshare_denied = false;
	p->pidfd = -1;
	c.flags = CLONE_VM | CLONE_VFORK | (share ? CLONE_FILES : 0) | (s->pidfd ? CLONE_PIDFD : 0);
	c.pidfd = (unsigned long)&p->pidfd;
	c.flags |= FDF_CLEAR_SIGHAND | (cgroup ? FDF_INTO_CGROUP : 0);
	c.cgroup = cgroup ? (uint64_t)s->attr->cgroup : 0;
	p->cleared = true;
	r = sys_clone_call(&c, 1, child, p);
	if (!cgroup &&
	    (r == -ENOSYS || r == -EPERM || r == -EINVAL)) { /* denied, or before Linux 5.5 */
		c.flags &= ~FDF_CLEAR_SIGHAND;
		p->cleared = false;
		r = sys_clone_call(&c, 0, child, p);
	}
	return r;
}

static void reap(int pid)
{
	long r;

	do
		r = SYS4(__NR_wait4, pid, NULL, 0, NULL);
	while (r == -EINTR);
}

static void forget(const struct spawning *p, long pid)
{
	reap((int)pid);
	sys_close(p->pidfd);
}

static int spawn(struct spawning *p)
{
	long pid;
	int first;

	sys_sigmask(SIG_BLOCK, &FDF_ALL_SIGNALS, &p->mask);
	pid = start(p, !p->unreadable && !p->f->unshare_denied);
	if (pid > 0 && p->err && p->unasked && (p->asks || paths_need_table(p, p->s->call.path))) {
		forget(p, pid);
		first = p->asks ? 0 : p->err;
		p->asks = true;
		p->err = 0;
		fdf_ways_forget(p->f); /* a filter may have come */
		pid = start(p, 1);
		if (pid < 0) /* the first was the init of a PID namespace, which ended with it */
			p->err = first;
	}
	if (pid > 0 && p->unshare_denied) { /* filters stay: no other child is made in vain */
		p->f->unshare_denied = true;
		forget(p, pid);
		p->err = 0;
		pid = start(p, 0);
	}
	if (pid > 0 && p->err)
		forget(p, pid);
	sys_sigmask(SIG_SETMASK, &p->mask, NULL);
	fdf_scratch_put(p->f, p->scratch);
	if (p->stop == FDF_ABORT)
		SYS3(__NR_tgkill, sys_getpid(), sys_gettid(), SIGABRT);
	if (p->s->pidfd && pid > 0 && !p->err)
		*p->s->pidfd = p->pidfd;
	return p->err ? p->err : (int)pid;
}

bool fdf_spawn_known(const struct fdf_fence *f, const struct fdf_spawn *s)
{
	return fdf_attr_known(s->attr, f->glibc) &&
	       fdf_fileactions_read(s->file_actions, f->glibc).known;
}

int fdf_spawn(struct fdf_fence *f, const struct fdf_spawn *s)
{
	char handover[FDF_HANDOVER_LEN];
	struct spawning p = { .s = s, .f = f, .handover = handover };
	struct fdf_readable seen = { 0 };
	char *const *envp = s->call.envp;
	char **place;

	p.unreadable = !fdf_call_readable(&s->call);
	if (p.unreadable && !fdf_readable_text(&seen, s->call.path))
		return -EFAULT;
	envp = p.unreadable ? NULL : envp;
	p.plan = fdf_env_plan(f, envp);
	place = fdf_env_place(f, &p.plan, &p.scratch);
	if (!place && p.plan.len <= FDF_STACK_ENV)
		place = __builtin_alloca(p.plan.len);
	p.envp = fdf_env_build(f, envp, &p.plan, place, handover);
	p.actions = fdf_fileactions_read(s->file_actions, f->glibc);
	p.own_signals = libcs_own(f);
	return spawn(&p);
}
