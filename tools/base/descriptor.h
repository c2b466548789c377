/*
 * descriptor.h: paths that mean a descriptor of this process: /dev/stdin, /dev/stdout, /dev/stderr,
 * /dev/fd/N, /proc/self/fd/N.
 */
#ifndef FDF_DESCRIPTOR_H
#define FDF_DESCRIPTOR_H

#include <sys/types.h>

/* The number that path means; -1: it is any other path. */
int descriptor_named(const char *path);

/*
 * A second, close-on-exec number of the open file fd, which somebody gave to this process: opened
 * by its path a file would be written from its beginning, a socket not at all.  -1 and errno: EBADF
 * when it is not open, or one of our own, which are close-on-exec; EACCES when it is not open for
 * access (O_RDONLY or O_WRONLY).
 */
int descriptor_copy(int fd, int access);

/*
 * open(2), close-on-exec and for no terminal to take over; of a path that means a descriptor
 * descriptor_copy().  -1 with errno, which descriptor_why() puts into words.
 */
int descriptor_open(const char *path, int flags, mode_t mode);

/* Why path could not be opened, from errno. */
const char *descriptor_why(const char *path);

#endif
