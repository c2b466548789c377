/* seal.c: see seal.h. */
#include <limits.h>
#include <sched.h>

#include "preload/raw/fdtab.h"
#include "preload/judge/seal.h"
#include "preload/raw/libc.h"

#define BITS	 (8 * sizeof(long))
#define WALK_MAX 4096 /* numbers that are looked at one by one; above, the directory is read */

bool fdf_alone(const struct fdf_fence *f, int pid)
{
	struct fdf_stat st;

	if (f->sharing.shares)
		return false;
	if (fdf_single_threaded())
		return true;
	if (fdf_borrowed(f, pid))
		return true; /* a vfork child has its table to itself: vfork copies it */
	if (&__libc_single_threaded)
		return false;
	/* a directory a thread, besides . and .. (fs/proc/base.c, proc_task_getattr()) */
	return sys_stat(AT_FDCWD, "/proc/self/task", 0, &st) == 0 && st.nlink == 3;
}

/* close_range is tried first: container filters often deny unshare. */
static int unshare_table(void)
{
	int r = sys_close_range(~0u, ~0u, FDF_CLOSE_RANGE_UNSHARE);

	return r < 0 ? (int)SYS1(__NR_unshare, CLONE_FILES) : 0;
}

static void see_up_to(struct fdf_judge *j, int last)
{
	for (int fd = 3; fd <= last; fd++)
		if (fdf_inherits(fd))
			fdf_judge_see(j, fd);
}

int fdf_seal_private(struct fdf_judge *j, bool trim, int keep_below)
{
	int last, top, r;
	unsigned flags = FDF_CLOSE_RANGE_UNSHARE;

	if (j->passes)
		return unshare_table();
	last = fdf_judge_bound(j);
	top = last > keep_below ? last : keep_below;
	top = top < 2 ? 2 : top;
	if (top < WALK_MAX) {
		/* the copy ends below `top`: its cost does not grow with the table */
		r = sys_close_range((unsigned)top + 1, ~0u,
				    trim ? flags : flags | FDF_CLOSE_RANGE_CLOEXEC);
		if (r == 0) {
			see_up_to(j, top);
			return 0;
		}
	}
	r = unshare_table();
	if (r < 0)
		return r;
	if (!fdf_tab_walk(fdf_tab_count(false), fdf_judge_see, j))
		j->inexact = "the size of the descriptor table is not known";
	return 0;
}

static void note(void *arg, int fd)
{
	struct fdf_undo *u = arg;

	if (u->maps && u->bits == u->small && fd >= FDF_UNDO_SMALL) {
		unsigned long *big = sys_mmap_anon(FDF_ACT_FDS / 8);

		for (size_t i = 0; big && i < sizeof u->small / sizeof *u->small; i++)
			big[i] = u->small[i];
		u->bits = big ? big : u->bits;
	}
	if (fd >= (u->bits == u->small ? FDF_UNDO_SMALL : FDF_ACT_FDS)) {
		u->missed = true; /* neither sealed nor restored */
		return;
	}
	u->bits[fd / BITS] |= 1UL << (fd % BITS);
	u->last = fd > u->last ? fd : u->last;
}

bool fdf_undo_note(struct fdf_undo *u, unsigned count, bool maps)
{
	*u = (struct fdf_undo){ .last = -1, .maps = maps };
	u->bits = u->small;
	return fdf_tab_walk(count, note, u);
}

/* One call marks all that needs no look; other tasks' descriptors are left alone. */
void fdf_seal_in_place(struct fdf_judge *j, struct fdf_undo *u, bool shared)
{
	int last = u->last, bound = fdf_judge_bound(j);

	if (shared)
		j->inexact = "other threads share the table, and no helper task could be started";
	else
		unshare_table(); /* nothing happens unless a process that the hooks know nothing of
				    shares it */
	if (u->missed)
		j->inexact = "too many descriptors to remember their flags";
	if (!shared && bound < last &&
	    sys_close_range(bound < 3 ? 3 : (unsigned)bound + 1, (unsigned)last,
			    FDF_CLOSE_RANGE_CLOEXEC) == 0)
		last = bound;
	for (int fd = 3; fd <= last; fd++)
		if (u->bits[fd / BITS] & 1UL << (fd % BITS))
			fdf_judge_see(j, fd);
}

void fdf_unseal(struct fdf_undo *u)
{
	for (int fd = 3; fd <= u->last; fd++)
		if (u->bits[fd / BITS] & 1UL << (fd % BITS))
			sys_fcntl(fd, F_SETFD, 0);
	if (u->bits != u->small)
		sys_munmap(u->bits, FDF_ACT_FDS / 8);
}
