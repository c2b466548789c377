/*
 * line.h: which process of the line that forked from the image's first one is asking?
 *
 * Things are meant for "the image's own process": what is addressed to it, an upgrade in place.
 * That is the one that the constructor ran in, or, where a server went into the background, the one
 * that is left of the line: all that it was forked from have ended, or run something else.  A number
 * alone does not tell: in a pid namespace below, a child may have its ancestor's.
 *
 * Whoever forks notes its number before it does, once, so that its child has nothing to write.  A
 * child of vfork(), _Fork() or a system call is not in the line; its parent is asked for.
 * Async-signal-safe.
 */
#ifndef FDF_LINE_H
#define FDF_LINE_H

#include "preload/fence/fence.h"
#include "preload/raw/sys.h"

/* Before a fork, and in its child. */
void fdf_line_will_fork(struct fdf_fence *f);
void fdf_line_forked(struct fdf_fence *f);

/* Is the caller, pid, which is not f->pid, what is left of the line?
 * Costs one system call in a child whose parent is of the line. */
bool fdf_line_is_last(struct fdf_fence *f, int pid);

#endif
