/*
 * meant.h: which descriptors were meant by an act: close-on-exec cleared on
 * purpose, or dup2 onto the number by the child between fork and exec.
 *
 * One bit a number, set by the hooks and dropped when the number is closed or
 * placed anew.  Cleared flags before a fork go along with the memory; a dup2
 * counts only in the process that did it, and not in the one that the image was
 * started in, where it looks the same as a leak (the member dup2 of the setting
 * intent admits it).  What a vfork child does stays its own (sharing.h).
 *
 * Nothing allocates or locks; system calls are made only where there may be a
 * vfork child.  Async-signal-safe.  f is NULL before the constructor ran.
 */
#ifndef FDF_MEANT_H
#define FDF_MEANT_H

#include "preload/fence/given.h"
#include "preload/judge/pair.h"

/* close-on-exec of fd was cleared. */
void fdf_act_cleared(struct fdf_fence *f, int fd);
/* dup or its kin has made `to`, another number of what is at `from`: given, if that is.  What there
 * is no room to remember was meant, unless the copy is close-on-exec. */
void fdf_act_moved(struct fdf_fence *f, int from, int to, bool cloexec);
/* dup2 or dup3 has put something onto fd. */
void fdf_act_placed(struct fdf_fence *f, int fd, bool cloexec);
/* This process is new: what the image's first one put there by dup2 is nothing to it, what its
 * parent did as a child of that was done for it. */
void fdf_act_forked(struct fdf_fence *f);
/* Forget first..last, both included.  _closed: since they are closed or replaced. */
void fdf_act_closed(struct fdf_fence *f, unsigned first, unsigned last);
void fdf_act_forget(struct fdf_fence *f, unsigned first, unsigned last);

/*
 * May fdf_act_closed() of this number have anything to do?  Asked at every close, in the caller
 * itself: most programs neither act nor were given anything.
 */
static inline bool fdf_act_matters(const struct fdf_fence *f, unsigned fd)
{
	return f && (fdf_given_matters(f, fd) ||
		     fd <= (unsigned)__atomic_load_n(&f->acts_last, __ATOMIC_RELAXED) ||
		     (fd <= (unsigned)fdf_pair_last(f) && f->pair_end[fd].peer));
}

/* FDF_SIGN_ACT | FDF_SIGN_PLACED, as far as they hold.  pid: of the calling process. */
unsigned fdf_act_signs(struct fdf_fence *f, int pid, int fd);
/* Did a vfork child do it that could not note it for itself alone? */
bool fdf_act_doubtful(struct fdf_fence *f, int pid, int fd);
/* No act stands above this number (0: there is none at all). */
int fdf_act_last(const struct fdf_fence *f);

#endif
