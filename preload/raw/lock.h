/* lock.h: POSIX locks, which a descriptor table loses when it closes any descriptor of the file. */
#ifndef FDF_LOCK_H
#define FDF_LOCK_H

#include "preload/core/facts.h"

/*
 * Does the calling process hold a POSIX lock on the file behind fd, on whatever part of it?
 * FDF_NOT_KNOWN: others have locks there that may hide it, more than are looked at or one for
 * reading, and /proc does not tell.  One system call where nobody holds any.  Async-signal-safe;
 * memory only on the stack.
 */
enum fdf_answer fdf_holds_lock(int fd);

/* As above, or the process that this one shares its descriptor table with (CLONE_FILES). */
enum fdf_answer fdf_table_holds_lock(int fd);

#endif
