/*
 * pair.h: which descriptors are one end of a pipe or a pair of AF_UNIX sockets that was made for
 * the very child that is started.
 *
 * Programs hand such an end on by plain inheritance: no dup2, no flag.  It is told from what a
 * server forgets by what became of the other end: this child closed it itself, between fork and
 * exec; or it is close-on-exec, and the pair was made without that since the last child.  (The
 * ends of earlier children's pipes carry neither sign: it was their maker who closed the others.)
 * The policy asks for the number to be named, too (core/exactly.h).
 *
 * One place a number, filled by the hooks of pipe, pipe2 and socketpair, and emptied when either
 * end is closed.  A vfork child writes into its parent's memory: who closed stands beside the
 * pair.  Where a close meets no end it costs no system call.  Async-signal-safe; nothing allocates
 * or locks.  f may be NULL.
 */
#ifndef FDF_PAIR_H
#define FDF_PAIR_H

#include "preload/fence/fence.h"

/* A pair was made.  Numbers below 3 and from FDF_PAIR_FDS on are not remembered. */
void fdf_pair_made(struct fdf_fence *f, const int fd[2], bool socket, bool cloexec);

/* first..last, both included, are about to be closed by the caller, or have been replaced. */
void fdf_pair_close(struct fdf_fence *f, unsigned first, unsigned last);

/* They were not closed after all: nothing is known of them any more. */
void fdf_pair_drop(struct fdf_fence *f, unsigned first, unsigned last);

/* The process has forked; in_child: this is the child, whose memory is its own. */
void fdf_pair_forked(struct fdf_fence *f, bool in_child);

/* A spawn's child `child` will close fd, or put it onto stdio, before its exec. */
void fdf_pair_spawn_closes(struct fdf_fence *f, int child, int fd);
void fdf_pair_spawn_places(struct fdf_fence *f, int child, int fd);

/* No end stands above this number. */
static inline int fdf_pair_last(const struct fdf_fence *f)
{
	return __atomic_load_n(&f->pairs.last, __ATOMIC_RELAXED);
}

/*
 * Does fd carry the sign, in the process pid that is about to exec?  borrows: it runs in its
 * parent's memory.  seen: the numbers that were met open and without close-on-exec by this
 * judgement, which marks what it seals.
 */
bool fdf_pair_sign(struct fdf_fence *f, int pid, bool borrows, int fd, const unsigned long *seen);

#endif
