/* shell.h: what the exported entry points in hooks.c funnel to, beside exec.h and spawn.h. */
#ifndef FDF_SHELL_H
#define FDF_SHELL_H

/* As in libc, and with errno set as there; only called when fdf_fence is there. */
void *fdf_popen(const char *command, const char *mode);
int fdf_pclose(void *file);
int fdf_system(const char *command);

#endif
