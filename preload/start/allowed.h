/*
 * allowed.h: may a file be run, as far as that can be known before its content is read?
 *
 * An exec with arguments that are nowhere tells, on a kernel that opens the file before it looks at the
 * arguments.  From Linux 5.9 up to 6.7 it is the other way round (fs/exec.c): all that such an exec says
 * is EFAULT.  There the kernel is asked by parts for what it finds when it opens the file.
 * Async-signal-safe.
 */
#ifndef FDF_ALLOWED_H
#define FDF_ALLOWED_H

#include "preload/fence/fence.h"

/* Does an exec look at its arguments first?  Costs a system call until it is known. */
bool fdf_arguments_first(struct fdf_fence *f);

/* The negative errno with which an exec of the file of execveat(dirfd, path, flags) meets its way, mode,
 * mount or kind; -EFAULT: none of them stands against it. */
int fdf_way_refused(int dirfd, const char *path, int flags);

/* -ETXTBSY: the file that is open for reading as fd is open for writing, too; else -EFAULT, if that is
 * not for the caller to know (it is the owner's, and root's) as well.  All signals are blocked. */
int fdf_written_to(int fd);

#endif
