/*
 * program.h: a program's file, opened to look at what exec will read of it.
 *
 * Closing any descriptor of a file drops the process's POSIX locks on it.  So a file on which the
 * caller holds one is not closed again: it stays open, close-on-exec, in *spared, for the next
 * look.  Async-signal-safe.
 */
#ifndef FDF_PROGRAM_H
#define FDF_PROGRAM_H

/*
 * The file of execveat(dirfd, path), path "" being dirfd itself, for reading; or -errno.  *spared:
 * a number that fdf_program_close() has left open, else 0.
 */
int fdf_program_open(int dirfd, const char *path, const int *spared);
void fdf_program_close(int fd, int *spared);

#endif
