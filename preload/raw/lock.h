/* lock.h: POSIX locks, which a process loses when it closes any descriptor of the file. */
#ifndef FDF_LOCK_H
#define FDF_LOCK_H

#include <stdbool.h>

/*
 * Does the calling process hold a POSIX lock on the file behind fd, on whatever part of it?  True
 * too where there are too many locks of others to tell.  One system call where nobody holds any.
 * Async-signal-safe.
 */
bool fdf_holds_lock(int fd);

#endif
