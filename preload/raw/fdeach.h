/*
 * fdeach.h: a visit to each open descriptor of the calling task, upwards.
 *
 * Numbers are tried one by one where they lie close together.  Behind a gap the kernel's own
 * directory is asked what comes next; where there is none (no /proc, no descriptor left to open it
 * with) the size of the table is found out, and each number below it is tried.  RLIMIT_NOFILE says
 * nothing: it may have been lowered below what is open.
 *
 * Async-signal-safe; memory only on the stack.  Works in vfork children and spawns' children.
 */
#ifndef FDF_FDEACH_H
#define FDF_FDEACH_H

#include <errno.h>
#include <stdbool.h>

#define FDF_FD_LAST 2147483583 /* the highest number there can be (fs/file.c, sysctl_nr_open_max) */

enum fdf_visited {
	FDF_WAS_CLOSED, /* nothing was open at this number */
	FDF_WAS_OPEN,
	FDF_ENOUGH, /* ... and no other needs to be visited */
	FDF_DENIED, /* a filter keeps from it, and nobody knows whether it was open */
};
typedef enum fdf_visited fdf_visit(void *arg, int fd);

/* What fcntl() on a descriptor has returned, as such. */
static inline enum fdf_visited fdf_visited(int r)
{
	return r >= 0 ? FDF_WAS_OPEN : r == -EBADF ? FDF_WAS_CLOSED : FDF_DENIED;
}

/*
 * Call visit(arg, fd) for each open descriptor from first to last, and for numbers between them at
 * which nothing is open: visit finds out, by what it does.  It may change flags, and close any
 * descriptor.  left: how many are open, if that is known: behind so many it ends; 0: it is not.
 * False: some above the last one visited might have been missed, or some were FDF_DENIED.
 */
bool fdf_each(int first, int last, unsigned left, fdf_visit *visit, void *arg);

/*
 * /proc/thread-self/fd, which is that of the calling task and no other thread's; -errno where it
 * cannot be opened, -ENOTDIR where something else has its name.
 */
int fdf_each_open_proc(void);

/*
 * The highest open number + 1, or `least` if that is more.  Where the directory cannot be opened a
 * bound of it: the size of the table, which never shrinks; FDF_FD_LAST where nobody tells that.
 */
int fdf_each_end(int least);

/*
 * A bound of the numbers that the table has places for; 0: the kernel does not tell, or there are
 * more than FDF_FEW_PLACES and no memory can be mapped to ask it with.
 */
int fdf_tab_places(void);

#define FDF_SMALLEST_TABLE 64 /* places */

/* Is place n, below FDF_FEW_PLACES, within the table?  1, 0, or -1: the kernel does not tell. */
int fdf_tab_has_place(int n);
#define FDF_FEW_PLACES 4096

#endif
