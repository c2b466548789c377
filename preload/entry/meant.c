/*
 * meant.c: the hooks that watch for acts: close-on-exec cleared, numbers
 * closed and placed anew, pairs made.  Everything else goes straight to libc, which owns
 * cancellation.  Called in vfork children and signal handlers.
 */
#include <errno.h>
#include <stdarg.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "preload/raw/sys.h"
#include "preload/raw/libc.h"
#include "preload/raw/errno.h"
#include "preload/judge/meant.h"
#include "preload/judge/pair.h"
#include "preload/fence/given.h"

/* The kernel has set or cleared close-on-exec: r, or has not. */
static int flagged(int fd, int r, bool cloexec)
{
	if (r == 0 && !cloexec)
		fdf_act_cleared(fdf_fence, fd);
	else if (r == 0)
		fdf_act_forget(fdf_fence, (unsigned)fd, (unsigned)fd);
	return fdf_ret(r);
}

/* A call that a supervisor would ask about, if it were not remembered here. */
static int told(long nr, long a, long b, long c)
{
	return (int)sys6(nr, a, b, c, 0, 0, fdf_cookie());
}

static bool duplicates(int cmd)
{
	return cmd == F_DUPFD || cmd == F_DUPFD_CLOEXEC;
}

/* The open file at fd has another number, r; r < 0: it failed. */
static int moved(int fd, bool cloexec, int r)
{
	if (r >= 0)
		fdf_act_moved(fdf_fence, fd, r, cloexec);
	return r;
}

/* F_SETFD and F_GETFD, FIOCLEX and FIONCLEX need no libc: no cancellation points, one kernel
 * interface.
 *
 * libc reads an argument whatever the command is (musl: `unsigned long`, glibc: `void *`); so may
 * we. */
#define FCNTL(name, real)                                                                       \
	FDF_EXPORT int name(int fd, int cmd, ...);                                              \
	FDF_EXPORT int name(int fd, int cmd, ...)                                               \
	{                                                                                       \
		va_list va;                                                                     \
		long arg;                                                                       \
                                                                                                \
		va_start(va, cmd);                                                              \
		arg = va_arg(va, long);                                                         \
		va_end(va);                                                                     \
		if (cmd == F_SETFD)                                                             \
			return flagged(fd, told(FDF_NR_FCNTL, fd, cmd, arg), arg & FD_CLOEXEC); \
		if (cmd == F_GETFD)                                                             \
			return fdf_ret(sys_fcntl(fd, cmd, 0));                                  \
		if (cmd == F_DUPFD && fdf_cookie())                                             \
			return moved(fd, false, fdf_ret(told(FDF_NR_FCNTL, fd, cmd, arg)));     \
		int r = (real) ? (real)(fd, cmd, arg) : fdf_ret(sys_fcntl(fd, cmd, arg));       \
		return duplicates(cmd) ? moved(fd, cmd == F_DUPFD_CLOEXEC, r) : r;              \
	}
FCNTL(fcntl, fdf_real.fcntl)
int __fcntl(int fd, int cmd, ...) FDF_ALIAS(fcntl);
FCNTL(fcntl64, (FDF_TWO_FCNTLS ? fdf_real.fcntl64 : fdf_real.fcntl))

FDF_EXPORT int ioctl(int fd, unsigned long request, ...);
FDF_EXPORT int ioctl(int fd, unsigned long request, ...)
{
	va_list va;
	long arg;

	va_start(va, request);
	arg = va_arg(va, long);
	va_end(va);
	if ((unsigned)request == FIONCLEX || (unsigned)request == FIOCLEX)
		return flagged(fd, told(__NR_ioctl, fd, (long)request, arg),
			       (unsigned)request == FIOCLEX);
	return fdf_real.ioctl ? fdf_real.ioctl(fd, request, arg)
			      : fdf_ret((int)SYS3(__NR_ioctl, fd, request, arg));
}

/* The number is forgotten first: once it is closed, another thread may get it anew. */
__attribute__((noinline)) static int forget_and_close(int fd)
{
	fdf_act_closed(fdf_fence, (unsigned)fd, (unsigned)fd);
	return fdf_real.close(fd);
}

/* Nearly every one needs no frame, and no jump but the last. */
FDF_EXPORT int close(int fd);
FDF_EXPORT int close(int fd)
{
	return FDF_RARE(fdf_act_matters(fdf_fence, (unsigned)fd)) ? forget_and_close(fd)
								  : fdf_real.close(fd);
}

int __close(int fd) FDF_ALIAS(close);

FDF_EXPORT int close_range(unsigned first, unsigned last, int flags);
FDF_EXPORT int close_range(unsigned first, unsigned last, int flags)
{
	bool closes = !(flags & FDF_CLOSE_RANGE_CLOEXEC);
	int r;

	if (closes)
		fdf_pair_close(fdf_fence, first, last);
	r = sys_close_range(first, last, (unsigned)flags);
	if (r == 0 && closes)
		fdf_given_close(fdf_fence, first, last);
	if (r == 0)
		fdf_act_forget(fdf_fence, first, last);
	else if (closes)
		fdf_pair_drop(fdf_fence, first, last);
	return fdf_ret(r);
}

FDF_EXPORT void closefrom(int from);
FDF_EXPORT void closefrom(int from)
{
	unsigned first = from < 0 ? 0 : (unsigned)from;

	fdf_act_closed(fdf_fence, first, ~0u);
	if (sys_close_range(first, ~0u, 0) == 0)
		return;
	if (FDF_REAL(closefrom)) /* denied: libc walks the table */
		FDF_REAL(closefrom)(from);
}

FDF_EXPORT int dup(int fd);
FDF_EXPORT int dup(int fd)
{
	return moved(fd, false, fdf_ret(told(__NR_dup, fd, 0, 0)));
}

/* The open file at `from` has another number, `to`; r: what came of it. */
static int replaced(int from, int to, bool cloexec, int r)
{
	if (r > 2 && from != to) {
		fdf_act_placed(fdf_fence, to, cloexec);
		fdf_act_moved(fdf_fence, from, to, cloexec);
	}
	return r;
}

FDF_EXPORT int dup2(int from, int to);
FDF_EXPORT int dup2(int from, int to)
{
	int r;

	if (fdf_cookie() && from != to)
		r = fdf_ret(told(__NR_dup3, from, to, 0));
	else
		r = fdf_real.dup2 ? fdf_real.dup2(from, to) : fdf_ret(sys_dup2(from, to));
	return replaced(from, to, false, r);
}

int __dup2(int from, int to) FDF_ALIAS(dup2);

FDF_EXPORT int dup3(int from, int to, int flags);
FDF_EXPORT int dup3(int from, int to, int flags)
{
	int r;

	if (fdf_cookie())
		r = fdf_ret(told(__NR_dup3, from, to, flags));
	else
		r = fdf_real.dup3 ? fdf_real.dup3(from, to, flags)
				  : fdf_ret((int)SYS3(__NR_dup3, from, to, flags));
	return replaced(from, to, flags & O_CLOEXEC, r);
}

static int made(const int fd[2], int r, bool socket, bool cloexec)
{
	if (r == 0)
		fdf_pair_made(fdf_fence, fd, socket, cloexec);
	return fdf_ret(r);
}

FDF_EXPORT int pipe(int fd[2]);
FDF_EXPORT int pipe(int fd[2])
{
	return made(fd, (int)SYS2(__NR_pipe2, fd, 0), false, false);
}

FDF_EXPORT int pipe2(int fd[2], int flags);
FDF_EXPORT int pipe2(int fd[2], int flags)
{
	return made(fd, (int)SYS2(__NR_pipe2, fd, flags), false, flags & O_CLOEXEC);
}

FDF_EXPORT int socketpair(int family, int type, int protocol, int fd[2]);
FDF_EXPORT int socketpair(int family, int type, int protocol, int fd[2])
{
	int r = (int)SYS4(__NR_socketpair, family, type, protocol, fd);

	return family == AF_UNIX ? made(fd, r, true, type & SOCK_CLOEXEC) : fdf_ret(r);
}

/* syscall(SYS_fcntl, ...) and its kin: no cancellation points, and what is meant there, or ends there,
 * is as by libc's own.  What is not of interest goes on to libc. */
__attribute__((used)) long fdf_syscall_fcntl(long nr, int fd, int cmd, long arg);
long fdf_syscall_fcntl(long nr, int fd, int cmd, long arg)
{
	if (cmd == F_SETFD)
		return flagged(fd, told(nr, fd, cmd, arg), arg & FD_CLOEXEC);
	return duplicates(cmd) ? moved(fd, cmd == F_DUPFD_CLOEXEC, fdf_ret(told(nr, fd, cmd, arg)))
			       : fdf_real.syscall(nr, fd, cmd, arg);
}

__attribute__((used)) long fdf_syscall_ioctl(long nr, int fd, unsigned long request, long arg);
long fdf_syscall_ioctl(long nr, int fd, unsigned long request, long arg)
{
	if ((unsigned)request == FIONCLEX || (unsigned)request == FIOCLEX)
		return flagged(fd, told(nr, fd, (long)request, arg), (unsigned)request == FIOCLEX);
	return fdf_real.syscall(nr, fd, request, arg);
}

__attribute__((used)) long fdf_syscall_dup(long nr, int fd);
long fdf_syscall_dup(long nr, int fd)
{
	return moved(fd, false, fdf_ret(told(nr, fd, 0, 0)));
}

__attribute__((used)) long fdf_syscall_close(long nr, int fd);
long fdf_syscall_close(long nr, int fd)
{
	(void)nr;
	if (fd >= 0)
		fdf_act_closed(fdf_fence, (unsigned)fd, (unsigned)fd);
	return fdf_ret(sys_close(fd));
}

__attribute__((used)) long fdf_syscall_close_range(long nr, unsigned first, unsigned last,
						   int flags);
long fdf_syscall_close_range(long nr, unsigned first, unsigned last, int flags)
{
	(void)nr;
	return close_range(first, last, flags);
}

__attribute__((used)) long fdf_syscall_dup2(long nr, int from, int to);
long fdf_syscall_dup2(long nr, int from, int to)
{
	(void)nr;
	return replaced(from, to, false, fdf_ret(sys_dup2(from, to)));
}

__attribute__((used)) long fdf_syscall_dup3(long nr, int from, int to, int flags);
long fdf_syscall_dup3(long nr, int from, int to, int flags)
{
	(void)nr;
	return replaced(from, to, flags & O_CLOEXEC,
			fdf_ret((int)SYS3(__NR_dup3, from, to, flags)));
}
