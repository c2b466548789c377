/*
 * host.h: what these programs share.  Each shows one behaviour of a host program that the
 * fence could have changed (tests/e2e/shim/host.sh).  What comes out of a call goes to stdout.
 */
#ifndef HOST_H
#define HOST_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static inline void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "%s: %s\n", what, strerror(errno));
	_exit(125);
}

/* For surroundings that the machine does not grant: the script skips. */
static inline void __attribute__((noreturn)) cannot(const char *what)
{
	printf("cannot %s here: %s\n", what, strerror(errno));
	fflush(stdout);
	_exit(77);
}

/* A fork that no function of libc's makes. */
static inline pid_t fork_by_syscall(void)
{
#ifdef SYS_fork
	return (pid_t)syscall(SYS_fork);
#else
	return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

static inline int must_open(const char *path, int flags)
{
	int fd = open(path, flags, 0600);

	if (fd < 0)
		die(path);
	return fd;
}

/* At number or above. */
static inline int leak_at(int number)
{
	int fd = must_open("/etc/passwd", O_RDONLY), high;

	if (fd >= number)
		return fd;
	high = fcntl(fd, F_DUPFD, number);
	if (high < 0)
		die("F_DUPFD");
	close(fd);
	return high;
}

static inline void run(const char *path)
{
	char *argv[] = { (char *)path, NULL };

	execve(path, argv, environ);
	die(path);
}

static inline int status_of(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	return status;
}

/* A function of its own, so that nothing of the caller's lives in registers meanwhile. */
static pid_t __attribute__((noinline, unused)) vfork_exec(const char *path, char **argv, char **env)
{
	pid_t pid = vfork();

	if (!pid) {
		execve(path, argv, env);
		_exit(1);
	}
	return pid;
}

#endif
