/* seal.c: see seal.h. */
#include <errno.h>
#include <limits.h>
#include <sched.h>

#include "preload/raw/fdtab.h"
#include "preload/raw/lock.h"
#include "preload/judge/seal.h"

#define WALK_MAX 4096 /* numbers that are looked at one by one; above, the directory is read */

/*
 * The kernel counts threads and workers of io_uring: a directory a thread, besides . and ..
 * (fs/proc/base.c, proc_task_getattr()).
 */
bool fdf_seal_is_alone(const struct fdf_fence *f)
{
	struct fdf_stat st;

	return !f->sharing.shares && sys_stat(AT_FDCWD, "/proc/self/task", 0, &st) == 0 &&
	       st.nlink == 3;
}

static void see_up_to(struct fdf_judge *j, int last)
{
	for (int fd = 3; fd <= last; fd++)
		if (!fdf_judge_see_given(j, fd) && fdf_inherits(fd))
			fdf_judge_see(j, fd);
}

/* Not by their count: a signal handler may open some meanwhile, and it is met before the last one. */
static void see_all(struct fdf_judge *j)
{
	if (!fdf_tab_walk(0, fdf_judge_see, j))
		j->inexact = "the size of the descriptor table is not known";
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

static void note(void *arg, int fd)
{
	struct fdf_undo *u = arg;

	if (u->n == u->max)
		u->missed = true;
	else
		u->was[u->n++] = (struct fdf_was){ fd, fdf_tab_file(fd) };
}

static void note_all(struct fdf_undo *u)
{
	unsigned count = fdf_tab_count(false);

	u->n = 0;
	u->marked = false;
	u->missed = count ? count > (unsigned)u->max : !fdf_tab_small();
	/* not by their count: see_all() */
	if (!u->missed && !fdf_tab_walk(0, note, u))
		u->missed = true;
}

struct lock_look {
	int bound;
	bool found;
};

static void look_for_lock(void *arg, int fd)
{
	struct lock_look *l = arg;

	l->found |= !l->found && fd <= l->bound && fdf_holds_lock(fd);
}

/* May a descriptor that is kept carry a POSIX lock of this process? */
static bool may_lock(const struct fdf_judge *j, const struct fdf_undo *u)
{
	struct lock_look l = { .bound = fdf_judge_bound(j) };

	l.found = fdf_holds_lock(0) || fdf_holds_lock(1) || fdf_holds_lock(2);
	/* few are looked at in most cases, as for the judgement itself, and close-on-exec ones too */
	if (u->missed && l.bound < WALK_MAX)
		for (int fd = 3; !l.found && fd <= l.bound; fd++)
			l.found = fdf_holds_lock(fd);
	else if (u->missed)
		fdf_tab_walk(fdf_tab_count(false), look_for_lock, &l);
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

int fdf_seal_own(struct fdf_judge *j, struct fdf_undo *u)
{
	int r;

	note_all(u);
	r = fdf_judge_may_refuse(j) || may_lock(j, u) ? rehearse(j) : 0;
	if (r < 0)
		return r;
	u->marked = true;
	if (j->nheld && !fdf_seal_is_alone(j->f)) {
		/* locks belong to the table: a copy of it would be without them */
		j->inexact = "others share the table, and a POSIX lock that is kept belongs to it";
		see_all(j);
	} else if (fdf_seal_private(j, false, -1) < 0) {
		see_all(j);
		if (!fdf_seal_is_alone(j->f))
			j->inexact = "others share the table, and it could not be made private";
	}
	return 0;
}

int fdf_seal_in_place(struct fdf_judge *j, struct fdf_undo *u)
{
	int r;

	if (j->passes)
		return 0;
	note_all(u);
	r = fdf_judge_may_refuse(j) ? rehearse(j) : 0;
	if (r < 0)
		return r;
	u->marked = true;
	see_all(j);
	return 0;
}

void fdf_seal_rest(const struct fdf_judge *j)
{
	if (!j->passes && !j->nheld)
		sys_close_range(j->kept_last < 2 ? 3 : (unsigned)j->kept_last + 1, ~0u,
				FDF_CLOSE_RANGE_CLOEXEC);
}

void fdf_unseal(const struct fdf_undo *u)
{
	for (int i = 0; i < u->n; i++)
		if (fdf_tab_file(u->was[i].fd) == u->was[i].file)
			sys_fcntl(u->was[i].fd, F_SETFD, 0);
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
