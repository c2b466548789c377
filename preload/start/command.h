/*
 * command.h: how the shell is started for system() and popen(), which changed between versions of glibc:
 * here those of Debian 12 (2.36) and 13 (2.41) were looked at, and glibc's bug 28519.
 */
#ifndef FDF_COMMAND_H
#define FDF_COMMAND_H

#include "preload/fence/fence.h"

/* Since 2.38 a command may begin with "-". */
static inline void fdf_command_argv(const struct fdf_fence *f, const char *command, char *argv[5])
{
	size_t n = 0;

	argv[n++] = (char *)"sh";
	argv[n++] = (char *)"-c";
	if (f->glibc && f->glibc_minor >= 38)
		argv[n++] = (char *)"--";
	argv[n++] = (char *)command;
	argv[n] = NULL;
}

/* Are errors of the start itself told as they are, by -1 and errno? */
static inline bool fdf_command_tells(const struct fdf_fence *f)
{
	return !f->glibc || f->glibc_minor >= 41;
}

#endif
