/*
 * fdfence/compat.h: what other systems have for the same, under their names, made of fdfence.h.
 *
 *	closefrom()			Solaris, illumos, the BSDs
 *	fdwalk()			Solaris, illumos
 *	close_range(), CLOSE_RANGE_*	FreeBSD
 *	fcntl(fd, F_CLOSEM)		AIX, NetBSD
 *	posix_spawn_file_actions_addclosefrom_np()  Solaris, FreeBSD
 *
 * A program written for those compiles when this is included behind its own headers, or before them
 * (cc -include fdfence/compat.h), and links with -lfdfence-seal.  Before them a macro such as
 * _GNU_SOURCE that the source defines comes too late: give it to the compiler, too.  Where libc has
 * the name, too, ours is taken: libc's closefrom() aborts the program where it cannot close.
 * Async-signal-safe, but for posix_spawn_file_actions_addclosefrom_np().
 *
 * closefrom() returns nothing, as on Solaris and FreeBSD and in glibc.  A program for NetBSD,
 * OpenBSD or DragonFly that looks at what it returns defines FDFENCE_INT_CLOSEFROM: 0, or -1 with
 * errno, EBADF for a negative number, else as fdfence_close_from(); F_CLOSEM always does so.
 */
#ifndef FDFENCE_COMPAT_H
#define FDFENCE_COMPAT_H

/* first: what libc declares under these names has to be declared under them */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdlib.h>
#include <unistd.h>

#include <fdfence.h>

#ifdef __cplusplus
extern "C" {
#endif

static __inline__ __attribute__((unused)) int fdfence_compat_close_above(int lowfd)
{
	if (lowfd < 0) {
		errno = EBADF;
		return -1;
	}
	return fdfence_close_from(lowfd);
}

#ifdef FDFENCE_INT_CLOSEFROM
static __inline__ __attribute__((unused)) int fdfence_compat_closefrom(int lowfd)
{
	return fdfence_compat_close_above(lowfd);
}
#else
/* As there: from 0 if lowfd is negative, and nothing is said of what cannot be closed. */
static __inline__ __attribute__((unused)) void fdfence_compat_closefrom(int lowfd)
{
	int saved = errno;

	fdfence_close_from(lowfd < 0 ? 0 : lowfd);
	errno = saved;
}
#endif
#undef closefrom
#define closefrom fdfence_compat_closefrom

static __inline__ __attribute__((unused)) int fdfence_compat_fdwalk(int (*func)(void *, int),
								    void *cd)
{
	return fdfence_walk(func, cd);
}
#undef fdwalk
#define fdwalk fdfence_compat_fdwalk

#ifndef CLOSE_RANGE_UNSHARE
#define CLOSE_RANGE_UNSHARE (1U << 1)
#endif
#ifndef CLOSE_RANGE_CLOEXEC
#define CLOSE_RANGE_CLOEXEC (1U << 2)
#endif

static __inline__ __attribute__((unused)) int fdfence_compat_close_range(unsigned lowfd,
									 unsigned highfd, int flags)
{
	return fdfence_close_range(lowfd, highfd, (unsigned)flags);
}
#undef close_range
#define close_range fdfence_compat_close_range

/* 10 there, which is F_SETSIG here. */
#ifndef F_CLOSEM
#define F_CLOSEM 0x46444600

static __inline__ __attribute__((unused)) int fdfence_compat_fcntl(int fd, int cmd, ...)
{
	va_list list;
	void *arg;

	if (cmd == F_CLOSEM)
		return fdfence_compat_close_above(fd);
	va_start(list, cmd);
	arg = va_arg(list, void *); /* as libc's own does, whatever it is */
	va_end(list);
	return fcntl(fd, cmd, arg);
}
#undef fcntl
#define fcntl fdfence_compat_fcntl
#endif

/*
 * glibc has it since 2.34.  Elsewhere: one action for each descriptor that is open now; what is
 * opened between this call and the spawn stays open.  0, or an error number of
 * posix_spawn_file_actions_addclose() or fdfence_next().
 */
#if !(defined __GLIBC__ && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 34))
static __inline__ __attribute__((unused)) int
fdfence_compat_addclosefrom(posix_spawn_file_actions_t *actions, int lowfd)
{
	int saved = errno, fd = lowfd < 0 ? -1 : fdfence_next(lowfd), r = 0;

	if (lowfd < 0)
		return EBADF;
	while (fd >= 0 && (r = posix_spawn_file_actions_addclose(actions, fd)) == 0)
		fd = fdfence_next(fd + 1);
	if (r == 0 && errno != ENOENT)
		r = errno;
	errno = saved;
	return r;
}
#define posix_spawn_file_actions_addclosefrom_np fdfence_compat_addclosefrom
#elif !defined _GNU_SOURCE
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
#endif

#ifdef __cplusplus
}
#endif
#endif
