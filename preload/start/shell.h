/*
 * shell.h: popen and system on the spawn engine, as in libc and with errno set as there; wordexp.
 *
 * None is for signal handlers or vfork children, as in libc.  f is NULL before
 * the constructor ran; only pclose and fclose come here then.
 */
#ifndef FDF_SHELL_H
#define FDF_SHELL_H

struct fdf_fence;

void *fdf_popen(struct fdf_fence *f, const char *command, const char *mode);
int fdf_pclose(struct fdf_fence *f, void *file);
int fdf_fclose(struct fdf_fence *f, void *file);
int fdf_system(struct fdf_fence *f, const char *command);

/* real: libc's own. */
int fdf_wordexp(int (*real)(const char *, void *, int), const char *words, void *to, int flags);

#endif
