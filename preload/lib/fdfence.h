/*
 * fdfence.h: open descriptors, for programs that can be changed.  The manual is fdfence(3).
 *
 * Everything here is async-signal-safe, allocates nothing with malloc, takes no lock and may be
 * called by the child of fork() in a threaded program and by a child of vfork().  It looks at the
 * descriptor table of the calling thread.  Descriptors that other threads or signal handlers open
 * during a call may be missed by it.
 *
 * Open with O_CLOEXEC (SOCK_CLOEXEC, "e" of fopen) first; these are for what others opened.
 */
#ifndef FDFENCE_H
#define FDFENCE_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Flags; the values are those of close_range(2). */
#define FDFENCE_UNSHARE \
	2u /* the table becomes the caller's own first: nobody else loses anything */
#define FDFENCE_CLOEXEC 4u /* mark close-on-exec instead of closing */

/*
 * Close all descriptors from `first` on.  0, or -1 with errno:
 *	EINVAL	   first is negative
 *	EOPNOTSUPP close_range(2), /proc and select(2) were all denied (mmap(2) in place of
 *		   select(2) where the table has more than 4,096 places): what lies above the
 *		   hard limit of open files (above 1,048,576 at most) may still be open; or
 *		   close(2) or fcntl(2) besides: some that were found are still open, or not marked
 * Where a filter denies close(2) or fcntl(2) with EBADF, what is open looks closed to all of these.
 */
int fdfence_close_from(int first);

/*
 * close_range(2) on every kernel: close, or mark, the descriptors from first to last.  flags: 0 or
 * any of FDFENCE_*.  0, or -1 with errno, and where it is not EOPNOTSUPP nothing was done:
 *	EINVAL	   first > last, or an unknown flag
 *	EOPNOTSUPP as above
 *	ENOMEM, EPERM  with FDFENCE_UNSHARE: the table could not be made the caller's own, for
 *		   want of memory, or since a filter denies it, whatever error that answers with
 */
int fdfence_close_range(unsigned first, unsigned last, unsigned flags);

/*
 * For the child between fork() or vfork() and exec: close (FDFENCE_CLOEXEC: mark) all descriptors
 * from `first` on but those of keep[0..nkeep-1], which are left as they are.  Order and repetition in
 * keep do not matter, and it may name what is not open.  The table is made the caller's own first,
 * whatever flags say, and errno, which a vfork child shares with its parent, is not touched.  0, or
 * an error number: those of fdfence_close_range(), EINVAL also for a negative number.
 */
int fdfence_spawn_close(int first, const int keep[], size_t nkeep, unsigned flags);

/*
 * Call func(arg, fd) for each open descriptor, upwards, until one call returns non-zero: that is
 * returned, else 0.  As fdwalk() of Solaris: the list is made first, so that func may open and close
 * what it likes; what is opened meanwhile is not visited, what is closed meanwhile is, and no
 * descriptor of the walk's own is seen.  More than 4,096 numbers in use may need a mapping for the
 * list: func should return then, and not leave by longjmp(), exec or _exit() of a vfork child.  -1
 * with errno, before func was called at all:
 *	ENOMEM	   no memory for the list
 *	EOPNOTSUPP the list might not be complete
 */
int fdfence_walk(int (*func)(void *arg, int fd), void *arg);

/*
 * The lowest open descriptor that is not below fd, or -1 with errno:
 *	ENOENT	   there is none
 *	EINVAL	   fd is negative
 *	EOPNOTSUPP none was found, but there might be one
 */
int fdfence_next(int fd);

/* How many descriptors are open; -1 with errno: EOPNOTSUPP, there might be more. */
int fdfence_count(void);

/* Which descriptors were sealed: up to one for each that is, or 64 (32-bit: 32) neighbours in one. */
struct fdfence_undo {
	unsigned long base, bits; /* private */
};

/*
 * Mark close-on-exec what an exec would inherit: all above 2 but those of keep[0..nkeep-1], which
 * are left as they are.  What was marked is written to undo[0..nundo-1], and how many of these are
 * used is returned; fdfence_unseal() takes both.  fdfence_count() of them always suffice.  -1 with
 * errno, and nothing was marked:
 *	EINVAL	   keep has a negative number
 *	EBADF	   keep has a number that is not open
 *	ENOSPC	   more than nundo are needed
 *	EOPNOTSUPP some descriptors might not have been found
 */
int fdfence_seal(const int keep[], size_t nkeep, struct fdfence_undo undo[], size_t nundo);

/*
 * Clear close-on-exec where fdfence_seal() has set it, and nowhere else.  A number that was closed
 * since then is skipped; one that is open again as something else cannot be told apart.
 */
void fdfence_unseal(const struct fdfence_undo undo[], int n);

#ifdef __cplusplus
}
#endif
#endif
