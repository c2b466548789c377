/*
 * fileactions_run.c: carries out posix_spawn's file actions, each as the libc at hand does.
 * Runs in the child of a spawn, in its parent's memory.
 */
#include <errno.h>
#include <sys/ioctl.h>
#include <sys/resource.h>

#include "preload/start/fileactions.h"
#include "preload/raw/fdtab.h"

int fdf_move(int from, int to)
{
	int flags;

	if (from != to)
		return (int)SYS3(__NR_dup3, from, to, 0);
	flags = sys_fcntl(from, F_GETFD, 0);
	return flags < 0 ? flags : sys_fcntl(from, F_SETFD, flags & ~FD_CLOEXEC);
}

/* posix_spawn(3): a number that is out of range is an error, one that is not open is none. */
static int close_it(int fd, bool glibc)
{
	uint64_t limit, max;

	if (sys_close(fd) == 0 || !glibc)
		return 0;
	sys_limit(RLIMIT_NOFILE, &limit, &max);
	return fd < 0 || (uint64_t)fd >= limit ? -EBADF : 0;
}

static int open_it(const struct fdf_fileaction *a, bool glibc)
{
	int fd, r;

	if (glibc)
		sys_close(a->fd);
	fd = (int)SYS4(__NR_openat, AT_FDCWD, a->path, a->oflag | O_LARGEFILE, a->mode);
	if (fd < 0 || fd == a->fd)
		return fd;
	r = (int)SYS3(__NR_dup3, fd, a->fd, 0);
	sys_close(fd);
	return r;
}

static void close_above(void *arg, int fd)
{
	if (fd >= *(const int *)arg)
		sys_close(fd);
}

/* Where close_range is denied: what is close-on-exec goes at the exec anyway. */
static int close_from(int from)
{
	if (from < 0)
		return -EBADF;
	if (sys_close_range((unsigned)from, ~0u, 0) == 0)
		return 0;
	for (int fd = from; fd < 3; fd++)
		sys_close(fd);
	return fdf_tab_walk(false, close_above, &from) ? 0 : -ENOSYS;
}

int fdf_fileaction_run(const struct fdf_fileaction *a, bool glibc)
{
	int group;

	switch (a->kind) {
	case FDF_DO_CLOSE:
		return close_it(a->fd, glibc);
	case FDF_DO_DUP2:
		return fdf_move(a->fd, a->newfd);
	case FDF_DO_OPEN:
		return open_it(a, glibc);
	case FDF_DO_CHDIR:
		return (int)SYS1(__NR_chdir, a->path);
	case FDF_DO_FCHDIR:
		return (int)SYS1(__NR_fchdir, a->fd);
	case FDF_DO_CLOSEFROM:
		return close_from(a->fd);
	}
	group = (int)SYS1(__NR_getpgid, 0);
	return (int)SYS3(__NR_ioctl, a->fd, TIOCSPGRP, &group);
}

static int set_ids(bool glibc)
{
	long uid = SYS1(FDF_NR_GETUID, 0), gid = SYS1(FDF_NR_GETGID, 0);
	int r;

	if (glibc) { /* the effective ids alone */
		r = (int)SYS3(FDF_NR_SETRESGID, -1, gid, -1);
		return r < 0 ? r : (int)SYS3(FDF_NR_SETRESUID, -1, uid, -1);
	}
	r = (int)SYS1(FDF_NR_SETGID, gid);
	return r < 0 ? r : (int)SYS1(FDF_NR_SETUID, uid);
}

int fdf_attr_apply(const struct fdf_attr *a, bool glibc)
{
	int r = 0;

	if (!a)
		return 0;
	if (glibc && (a->flags & FDF_SPAWN_SETSCHEDULER))
		r = (int)SYS3(__NR_sched_setscheduler, 0, a->policy, &a->priority);
	else if (glibc && (a->flags & FDF_SPAWN_SETSCHEDPARAM))
		r = (int)SYS2(__NR_sched_setparam, 0, &a->priority);
	if (r >= 0 && (a->flags & FDF_SPAWN_SETSID))
		r = (int)SYS1(__NR_setsid, 0);
	if (r >= 0 && (a->flags & FDF_SPAWN_SETPGROUP))
		r = (int)SYS2(__NR_setpgid, 0, a->pgroup);
	if (r >= 0 && (a->flags & FDF_SPAWN_RESETIDS))
		r = set_ids(glibc);
	return r < 0 ? r : 0;
}
