/*
 * quiet.h: the one way in which the shim writes: no signal of it reaches the host.
 */
#ifndef FDF_QUIET_H
#define FDF_QUIET_H

#include <sys/types.h>
#include <sys/uio.h>

/*
 * writev() of n pieces to fd with all signals held back.  A reader that has gone (SIGPIPE), a limit
 * on the size of files (SIGXFSZ), a terminal that belongs to others (SIGTTOU) raise nothing, and no
 * handler's timer can prolong the wait.  What was pending before stays so.  Returns the bytes
 * written, or -errno.  It may wait as long as fd makes it wait: fd is non-blocking, has a timeout,
 * or is known to have room.  Async-signal-safe; raw system calls.
 */
ssize_t fdf_write_quietly(int fd, const struct iovec *v, int n);

#endif
