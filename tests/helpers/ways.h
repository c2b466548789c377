/*
 * ways.h: the ways to exec, one number each, for programs that try them all.
 */
#ifndef WAYS_H
#define WAYS_H

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

enum way {
	EXECVE,
	EXECV,
	EXECVP,
	EXECVPE,
	EXECL,
	EXECLP,
	EXECLE,
	FEXECVE,
	EXECVEAT,
	SYSCALL,
	WAYS
};
static const char *const way_name[] = { "execve", "execv",  "execvp",  "execvpe",  "execl",
					"execlp", "execle", "fexecve", "execveat", "syscall" };

/* The variadic ones pass argv[0] to argv[3]; those without envp use environ.  As exec: -1, errno.
 */
static inline int exec_by(enum way way, const char *path, char **argv, char **envp)
{
	int fd, error;

	switch (way) {
	case EXECVE:
		return execve(path, argv, envp);
	case EXECV:
		return execv(path, argv);
	case EXECVP:
		return execvp(path, argv);
	case EXECVPE:
		return execvpe(path, argv, envp);
	case EXECL:
		return execl(path, argv[0], argv[1], argv[2], argv[3], (char *)NULL);
	case EXECLP:
		return execlp(path, argv[0], argv[1], argv[2], argv[3], (char *)NULL);
	case EXECLE:
		return execle(path, argv[0], argv[1], argv[2], argv[3], (char *)NULL, envp);
	case FEXECVE:
		fd = open(path, O_RDONLY | O_CLOEXEC);
		fexecve(fd, argv, envp);
		error = errno;
		close(fd);
		errno = error;
		return -1;
	case EXECVEAT:
		return (int)syscall(SYS_execveat, AT_FDCWD, path, argv, envp, 0);
	default:
		return (int)syscall(SYS_execve, path, argv, envp);
	}
}

#endif
