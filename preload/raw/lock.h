/* lock.h: POSIX locks, which a descriptor table loses when it closes any descriptor of the file. */
#ifndef FDF_LOCK_H
#define FDF_LOCK_H

#include <stdbool.h>

/*
 * Does the calling process hold a POSIX lock on the file behind fd, on whatever part of it?  True
 * too where locks of others hide that: many of them, or one for reading.  One system call where
 * nobody holds any.  Async-signal-safe.
 */
bool fdf_holds_lock(int fd);

/* As above, or the process that this one shares its descriptor table with (CLONE_FILES). */
bool fdf_table_holds_lock(int fd);

#endif
