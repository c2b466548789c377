/* seal.c: see seal.h. */
#include <errno.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>

#include "preload/raw/fdtab.h"
#include "preload/raw/libc.h"
#include "preload/raw/lock.h"
#include "preload/judge/seal.h"

#define LOOKS_MAX 72   /* at numbers, while nothing is sealed: what a handler opens may get past */
#define WALK_MAX  4096 /* numbers that are looked at one by one; above, the directory is read */

/*
 * The kernel counts threads and workers of io_uring.  It does nothing when it is asked to unshare
 * signal handlers, but refuses if there is anybody in the thread group to share them with
 * (kernel/fork.c, check_unshare_flags()).  Where a filter or an old kernel refuses for another
 * reason: /proc has a directory a thread, besides . and .. (fs/proc/base.c, proc_task_getattr()), at
 * more cost.  libc knows of some threads, and so that /proc need not be asked.
 */
static bool is_only_thread(void)
{
	long r = SYS1(__NR_unshare, CLONE_SIGHAND);
	struct fdf_stat st;

	if (r == 0 || (r == -EINVAL && !fdf_single_threaded()))
		return r == 0;
	return sys_stat(AT_FDCWD, "/proc/self/task", 0, &st) == 0 && st.nlink == 3;
}

bool fdf_seal_is_alone(const struct fdf_fence *f)
{
	return !f->sharing.shares && is_only_thread();
}

struct look {
	int left;    /* numbers that are still looked at */
	int free[2]; /* the two lowest: the walk may need one itself */
	bool idle;
};

static enum fdf_visited look_for_inherited(void *arg, int fd)
{
	struct look *l = arg;
	int flags = sys_fcntl(fd, F_GETFD, 0);

	if (flags < 0 && l->free[1] < 0)
		l->free[l->free[0] >= 0] = fd;
	l->idle = (fd < 3 || flags < 0 || flags & FD_CLOEXEC) && l->left-- > 0;
	if (!l->idle)
		return FDF_ENOUGH;
	return fdf_visited(flags);
}

/*
 * What a handler opens takes the lowest free number, which is one of these two; or, if it has closed
 * one before, one below them.  Nothing was opened, then, while this looked.
 */
static bool is_still_idle(const struct look *l)
{
	for (int fd = 3; fd < l->free[0]; fd++) {
		int flags = sys_fcntl(fd, F_GETFD, 0);

		if (flags < 0 || !(flags & FD_CLOEXEC))
			return false;
	}
	return sys_fcntl(l->free[0], F_GETFD, 0) == -EBADF &&
	       sys_fcntl(l->free[1], F_GETFD, 0) == -EBADF;
}

bool fdf_seal_is_idle(const struct fdf_fence *f)
{
	struct look l = { LOOKS_MAX, { -1, -1 }, true };

	if (f->set.log.len || f->set.on_error_deny || !fdf_tab_each(true, look_for_inherited, &l))
		return false;
	return l.idle && is_still_idle(&l);
}

static void see_up_to(struct fdf_judge *j, int last)
{
	for (int fd = 3; fd <= last; fd++) {
		int flags = fdf_judge_see_given(j, fd) ? FD_CLOEXEC : sys_fcntl(fd, F_GETFD, 0);

		if (flags >= 0 && !(flags & FD_CLOEXEC))
			fdf_judge_see(j, fd);
		else if (fdf_visited(flags) == FDF_DENIED)
			j->inexact = "a filter denies to look at descriptors";
	}
}

static const char *why_not_all(void)
{
	return fdf_visited(sys_fcntl(0, F_GETFD, 0)) == FDF_DENIED
		       ? "a filter denies to look at descriptors"
		       : "the size of the descriptor table is not known";
}

/* Not by their count: a signal handler may open some meanwhile, and it is met before the last one. */
static void see_all(struct fdf_judge *j)
{
	if (!fdf_tab_walk(false, fdf_judge_see, j))
		j->inexact = why_not_all();
}

/* All that matters lies up to this number: each of them is asked, or a few that are scattered. */
static void see_few(struct fdf_judge *j, int last)
{
	unsigned count = last < FDF_UNDO_MAX ? 0 : fdf_tab_count(false);

	if (count && count < (unsigned)last / 2)
		see_all(j);
	else
		see_up_to(j, last);
}

int fdf_seal_private(struct fdf_judge *j, bool trim, int keep_below)
{
	int last, top, r;
	unsigned flags = FDF_CLOSE_RANGE_UNSHARE;

	if (j->passes)
		return fdf_tab_unshare();
	last = fdf_judge_bound(j);
	top = last > keep_below ? last : keep_below;
	top = top < 2 ? 2 : top;
	if (top < WALK_MAX) {
		/* the copy ends below `top`: its cost does not grow with the table */
		r = sys_close_range((unsigned)top + 1, ~0u,
				    trim ? flags : flags | FDF_CLOSE_RANGE_CLOEXEC);
		if (r == 0) {
			j->sealed_at_once = top == 2 && !j->log;
			see_few(j, top);
			return 0;
		}
	}
	r = fdf_tab_unshare();
	if (r < 0)
		return r;
	see_all(j);
	return 0;
}

static enum fdf_visited note(void *arg, int fd)
{
	struct fdf_undo *u = arg;
	int flags = sys_fcntl(fd, F_GETFD, 0);

	if (flags < 0 || fd < 3 || flags & FD_CLOEXEC)
		return fdf_visited(flags);
	u->missed = u->n == u->max;
	if (u->missed)
		return FDF_ENOUGH;
	u->was[u->n++] = (struct fdf_was){ fd, fdf_tab_file(fd) };
	return FDF_WAS_OPEN;
}

/* Is there room to remember all that are open in a larger table, or does a short walk tell? */
static bool may_fit(const struct fdf_undo *u, int places, bool alone)
{
	unsigned count = fdf_tab_count(alone);

	if (count)
		return count <= (unsigned)u->max;
	return places || (unsigned)fdf_tab_places() - 1 < (unsigned)u->max; /* 0: not known */
}

void fdf_seal_note(struct fdf_undo *u, bool alone, bool smallest, int open_below)
{
	fdf_sigset mask;
	int places;
	bool told, fits;

	u->n = 0;
	u->marked = false;
	places = smallest ? FDF_SMALLEST_TABLE : open_below <= u->max ? fdf_tab_small() : 0;
	fits = places && places <= u->max;
	u->missed = open_below > u->max || !(fits || may_fit(u, places, alone));
	if (u->missed)
		return;
	/* Flag and file are of one moment: no handler opens another between. */
	sys_sigmask(SIG_BLOCK, &FDF_ALL_SIGNALS, &mask);
	told = fits ? fdf_tab_each_place(0, places, note, u) : fdf_tab_each(alone, note, u);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
	u->missed |= !told;
}

bool fdf_seal_may_hold(const struct fdf_undo *u, uint64_t file)
{
	bool may = u->missed;

	for (int i = 0; !may && i < u->n; i++)
		may = !u->was[i].file || u->was[i].file == file;
	return may;
}

static bool may_hold(int fd)
{
	return fdf_holds_lock(fd) != FDF_NO;
}

struct lock_look {
	int bound;
	bool found;
};

static void look_for_lock(void *arg, int fd)
{
	struct lock_look *l = arg;

	l->found |= !l->found && fd <= l->bound && may_hold(fd);
}

/* One that is open for its path alone cannot be asked for locks. */
static bool is_path(int fd)
{
	int flags = sys_fcntl(fd, F_GETFL, 0);

	return flags > 0 && flags & O_PATH;
}

/*
 * Is a file with a lock open twice, so that to seal the one would drop the lock that the other
 * carries?  None above `bound` is kept.  Asked once a file; of each descriptor whose file is not
 * known (0).
 */
static bool shares_lock(const struct fdf_undo *u, int bound)
{
	struct {
		uint64_t file;
		bool asked;
	} kept[3 + FDF_UNDO_MAX];
	int n = 0;

	for (; u->n && n < 3; n++) {
		kept[n].file = fdf_tab_file(n);
		kept[n].asked = false;
	}
	for (int i = 0; i < u->n; i++) {
		uint64_t file = u->was[i].file;
		int fd = u->was[i].fd, k = 0;

		while (k < n && (!file || kept[k].file != file))
			k++;
		if ((k < n ? !kept[k].asked : !file) && !is_path(fd)) {
			if (may_hold(fd))
				return true;
			if (k < n)
				kept[k].asked = true;
		}
		if (k == n && fd <= bound) {
			kept[n].file = file;
			kept[n++].asked = false;
		}
	}
	return false;
}

/* May a descriptor that is kept carry a POSIX lock of this process that sealing would drop? */
static bool may_lock(const struct fdf_judge *j, const struct fdf_undo *u, bool alone)
{
	struct lock_look l = { .bound = fdf_judge_bound(j) };

	if (alone && !u->missed)
		return shares_lock(u, l.bound);
	l.found = may_hold(0) || may_hold(1) || may_hold(2);
	/* few are looked at in most cases, as for the judgement itself, and close-on-exec ones too */
	if (u->missed && l.bound < WALK_MAX)
		for (int fd = 3; !l.found && fd <= l.bound; fd++)
			l.found = may_hold(fd);
	else if (u->missed)
		fdf_tab_walk(false, look_for_lock, &l);
	for (int i = 0; !u->missed && i < u->n; i++)
		look_for_lock(&l, u->was[i].fd);
	return l.found;
}

/* Judge without touching anything.  -EPERM: the exec is refused. */
static int rehearse(struct fdf_judge *j)
{
	j->rehearses = true;
	for (int fd = 0; fd < 3; fd++)
		fdf_judge_hold(j, fd);
	see_all(j);
	j->rehearses = false;
	if (j->stop || (j->inexact && j->f->set.on_error_deny))
		return fdf_judge_commit(j);
	fdf_judge_restart(j);
	return 0;
}

int fdf_seal_own(struct fdf_judge *j, struct fdf_undo *u, bool alone)
{
	int r;

	r = fdf_judge_may_refuse(j) || may_lock(j, u, alone) ? rehearse(j) : 0;
	if (r < 0)
		return r;
	u->marked = true;
	if (j->nheld && !alone) {
		/* locks belong to the table: a copy of it would be without them */
		j->inexact = j->doubts_held ? "others share the table, and a POSIX lock may belong "
					      "to it: locks of "
					      "others hide that"
					    : "others share the table, and a POSIX lock that is "
					      "kept belongs to it";
		see_all(j);
	} else if (fdf_seal_private(j, false, -1) < 0) {
		see_all(j);
		if (!alone)
			j->inexact = "others share the table, and it could not be made private";
	}
	return 0;
}

int fdf_seal_in_place(struct fdf_judge *j, struct fdf_undo *u)
{
	int r;

	if (j->passes)
		return 0;
	fdf_seal_note(u, true, false, 0);
	r = fdf_judge_may_refuse(j) ? rehearse(j) : 0;
	if (r < 0)
		return r;
	u->marked = true;
	see_all(j);
	return 0;
}

void fdf_seal_rest(const struct fdf_judge *j)
{
	if (j->sealed_at_once || j->f->set.policy.verdict == FDF_REPORT)
		return; /* what nobody has seen is let through as well */
	if (!j->passes && !j->nheld)
		sys_close_range(j->kept_last < 2 ? 3 : (unsigned)j->kept_last + 1, ~0u,
				FDF_CLOSE_RANGE_CLOEXEC);
}

void fdf_unseal(const struct fdf_undo *u)
{
	fdf_sigset mask;

	sys_sigmask(SIG_BLOCK, &FDF_ALL_SIGNALS, &mask);
	for (int i = 0; i < u->n; i++)
		if (fdf_tab_file(u->was[i].fd) == u->was[i].file)
			sys_fcntl(u->was[i].fd, F_SETFD, 0);
	sys_sigmask(SIG_SETMASK, &mask, NULL);
}

void fdf_seal_failed(struct fdf_judge *j, const struct fdf_undo *u)
{
	fdf_unseal(u);
	if (!fdf_seal_is_alone(j->f))
		j->inexact = "the exec failed against all signs, and this thread has a descriptor "
			     "table of its own now";
	else if (u->missed)
		j->inexact = "the exec failed against all signs, and what would have leaked stays "
			     "close-on-exec";
}
