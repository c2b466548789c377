/* range.c: closing and marking.  Runs in vfork children: no errno but at the border. */
#include <errno.h>
#include <limits.h>

#include "preload/lib/fdfence.h"
#include "preload/lib/range.h"
#include "preload/raw/errno.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/libc.h"

#define FLAGS (FDFENCE_UNSHARE | FDFENCE_CLOEXEC)

/*
 * Linux closes in any case but EBADF (fs/open.c, SYSCALL_DEFINE1(close)), and tells what the file
 * system says besides; but where a filter denies the call it is open still.
 */
static enum fdf_visited close_it(void *unused, int fd)
{
	int r = sys_close(fd);

	(void)unused;
	if (r < 0 && r != -EBADF && sys_fcntl(fd, F_GETFD, 0) != -EBADF)
		return FDF_DENIED;
	return r < 0 ? FDF_WAS_CLOSED : FDF_WAS_OPEN; /* after an error it is in any case */
}

/* FD_CLOEXEC is the only flag that there is. */
static enum fdf_visited mark_it(void *unused, int fd)
{
	(void)unused;
	return fdf_visited(sys_fcntl(fd, F_SETFD, FD_CLOEXEC));
}

/* Too old, or denied by a filter, for this flag alone or altogether: the reason does not matter. */
int fdf_range_apply(unsigned first, unsigned last, bool mark)
{
	if (sys_close_range(first, last, mark ? FDF_CLOSE_RANGE_CLOEXEC : 0) == 0 ||
	    first > FDF_FD_LAST)
		return 0;
	return fdf_each((int)first, last > FDF_FD_LAST ? FDF_FD_LAST : (int)last, 0,
			mark ? mark_it : close_it, NULL)
		       ? 0
		       : -EOPNOTSUPP;
}

/*
 * 0, -ENOMEM, or -EPERM: nothing else can keep a kernel from it, and a filter may answer with any
 * error.
 */
static int unshare_table(void)
{
	int r = fdf_tab_unshare();

	return r == 0 || r == -ENOMEM ? r : -EPERM;
}

FDF_EXPORT int fdfence_close_from(int first)
{
	return fdf_ret(first < 0 ? -EINVAL : fdf_range_apply((unsigned)first, UINT_MAX, false));
}

FDF_EXPORT int fdfence_close_range(unsigned first, unsigned last, unsigned flags)
{
	int r = 0;

	if (first > last || (flags & ~FLAGS))
		return fdf_ret(-EINVAL);
	/* in one: the kernel then copies no more of the table than will stay */
	if (flags & FDFENCE_UNSHARE) {
		if (sys_close_range(first, last, flags) == 0)
			return 0;
		r = unshare_table();
	}
	return fdf_ret(r < 0 ? r : fdf_range_apply(first, last, flags & FDFENCE_CLOEXEC));
}

bool fdf_range_has(const int keep[], size_t nkeep, int fd)
{
	size_t i = 0;

	while (i < nkeep && keep[i] != fd)
		i++;
	return i < nkeep;
}

/* The lowest of keep that is not below from, or INT_MAX; -1 if one is no number of a descriptor. */
static int next_kept(const int keep[], size_t nkeep, int from)
{
	int next = INT_MAX;

	for (size_t i = 0; i < nkeep; i++) {
		if (keep[i] < 0)
			return -1;
		if (keep[i] >= from && keep[i] < next)
			next = keep[i];
	}
	return next;
}

FDF_EXPORT int fdfence_spawn_close(int first, const int keep[], size_t nkeep, unsigned flags)
{
	bool mark = flags & FDFENCE_CLOEXEC;
	int kept, r;

	if (first < 0 || (flags & ~FLAGS) || next_kept(keep, nkeep, first) < 0)
		return EINVAL;
	r = unshare_table();
	for (; r == 0 && (kept = next_kept(keep, nkeep, first)) < INT_MAX; first = kept + 1)
		if (first < kept)
			r = fdf_range_apply((unsigned)first, (unsigned)kept - 1, mark);
	if (r == 0)
		r = fdf_range_apply((unsigned)first, UINT_MAX, mark);
	return -r;
}
