/*
 * program.h: a program's file, opened to look at what exec will read of it.
 *
 * Closing any descriptor of a file drops the process's POSIX locks on it.  So a file on which the
 * caller holds one is not closed again: it stays open, close-on-exec, among the spared, for the
 * next look.  Async-signal-safe.
 */
#ifndef FDF_PROGRAM_H
#define FDF_PROGRAM_H

#include <stdbool.h>

#define FDF_SPARED_MAX 8 /* files that stay open: of more, each further look leaves one more */

struct fdf_spared {
	int fd[FDF_SPARED_MAX]; /* 0: none */
};

struct fdf_program {
	int fd;	   /* for reading; or -errno */
	bool lent; /* it was among the spared: it, or a number that the host has put there, stays */
};

/* The file of execveat(dirfd, path), path "" being dirfd itself. */
struct fdf_program fdf_program_open(int dirfd, const char *path, const struct fdf_spared *s);
void fdf_program_close(struct fdf_program p, struct fdf_spared *s);

/*
 * Does the way to the file lead past all of /proc's own links, as /proc/self/fd/3 is one, and what
 * points at it?  0; -ELOOP: it leads through one; another negative errno: nothing is known (ENOSYS
 * before Linux 5.6).
 */
int fdf_plain_way(int dirfd, const char *path);

/* The path of the loader that this process was started with; "" if there was none. */
const char *fdf_own_loader(void);

#endif
