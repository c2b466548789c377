/* walk.c: which descriptors are open. */
#include <errno.h>

#include "preload/core/bits.h"
#include "preload/lib/fdfence.h"
#include "preload/lib/set.h"
#include "preload/raw/errno.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

#define FEW 64 /* blocks on the stack */

static enum fdf_visited find(void *arg, int fd)
{
	enum fdf_visited r = fdf_visited(sys_fcntl(fd, F_GETFD, 0));
	int *found = arg;

	if (r != FDF_WAS_OPEN)
		return r;
	*found = fd;
	return FDF_ENOUGH;
}

FDF_EXPORT int fdfence_next(int fd)
{
	int found = -ENOENT;

	if (fd < 0)
		return fdf_ret(-EINVAL);
	if (!fdf_each(fd, FDF_FD_LAST, 0, find, &found))
		found = -EOPNOTSUPP;
	return fdf_ret(found);
}

static enum fdf_visited count(void *arg, int fd)
{
	enum fdf_visited r = fdf_visited(sys_fcntl(fd, F_GETFD, 0));
	int *n = arg;

	*n += r == FDF_WAS_OPEN;
	return r;
}

/* The size of the directory, since Linux 6.2 (fs/proc/fd.c, proc_fd_getattr()); -1: not known. */
static int count_of_proc(void)
{
	struct fdf_stat st = { 0 };
	int dir = fdf_each_open_proc();

	if (dir < 0)
		return -1;
	sys_fstat(dir, &st);
	sys_close(dir);
	return (int)st.size - 1; /* itself */
}

FDF_EXPORT int fdfence_count(void)
{
	int n = count_of_proc();

	if (n >= 0)
		return n;
	n = 0;
	return fdf_ret(fdf_each(0, FDF_FD_LAST, 0, count, &n) ? n : -EOPNOTSUPP);
}

struct list {
	struct fdf_set set;
	int error; /* 0 or negative */
};

static enum fdf_visited list(void *arg, int fd)
{
	enum fdf_visited r = fdf_visited(sys_fcntl(fd, F_GETFD, 0));
	struct list *l = arg;

	if (r != FDF_WAS_OPEN)
		return r;
	l->error = fdf_set_add(&l->set, fd);
	if (l->error == -ENOSPC && (l->error = fdf_set_grow(&l->set)) == 0)
		l->error = fdf_set_add(&l->set, fd);
	return l->error ? FDF_ENOUGH : FDF_WAS_OPEN;
}

FDF_EXPORT int fdfence_walk(int (*func)(void *arg, int fd), void *arg)
{
	struct fdfence_undo few[FEW];
	struct list l = { .set = { .block = few, .room = FEW } };
	bool all = fdf_each(0, FDF_FD_LAST, 0, list, &l);
	int r = 0;

	if (l.error == 0 && !all)
		l.error = -EOPNOTSUPP;
	if (l.error) {
		fdf_set_free(&l.set);
		return fdf_ret(l.error);
	}
	for (size_t i = 0; i < l.set.n && r == 0; i++) {
		unsigned long bits = l.set.block[i].bits;

		for (; bits && r == 0; bits &= bits - 1)
			r = func(arg, (int)l.set.block[i].base + __builtin_ctzl(bits));
	}
	fdf_set_free(&l.set);
	return r;
}
