/*
 * hooks.c: what opens and hands on descriptors in libc, and writes down where.
 *
 * Each hook calls the function behind it with the arguments as they are, and leaves result and
 * errno as that set them: it is a cancellation point as long as that is one, and opens with the
 * flags that it was given.  What libc opens inside itself passes no hook; nor do system calls that a
 * program makes by itself.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <time.h>
#include <unistd.h>

#include "preload/origins/hooks.h"
#include "preload/origins/message.h"
#include "preload/origins/script.h"
#include "preload/origins/stack.h"
#include "preload/origins/table.h"

static int none(void)
{
	errno = ENOSYS;
	return -1;
}

static int opened(int fd, const char *call)
{
	int e = errno;

	if (fd >= 0)
		table_opened(fd, call);
	else
		script_forget();
	errno = e;
	return fd;
}

static int relayed(int from, int to, const char *call)
{
	int e = errno;

	if (to >= 0)
		table_relayed(from, to, call);
	errno = e;
	return to;
}

static void received(int socket, const struct msghdr *m, const char *call)
{
	int e = errno;

	message_received(socket, m, call);
	errno = e;
}

/* name, what it returns, its parameters, their names */
#define FUNCTIONS                                                                               \
	F(creat, int, (const char *path, mode_t mode), (path, mode))                            \
	F(creat64, int, (const char *path, mode_t mode), (path, mode))                          \
	F(__open_2, int, (const char *path, int flags), (path, flags))                          \
	F(__open64_2, int, (const char *path, int flags), (path, flags))                        \
	F(__openat_2, int, (int dir, const char *path, int flags), (dir, path, flags))          \
	F(__openat64_2, int, (int dir, const char *path, int flags), (dir, path, flags))        \
	F(mkstemp, int, (char *name), (name))                                                   \
	F(mkstemp64, int, (char *name), (name))                                                 \
	F(mkostemp, int, (char *name, int flags), (name, flags))                                \
	F(mkostemp64, int, (char *name, int flags), (name, flags))                              \
	F(mkstemps, int, (char *name, int len), (name, len))                                    \
	F(mkstemps64, int, (char *name, int len), (name, len))                                  \
	F(mkostemps, int, (char *name, int len, int flags), (name, len, flags))                 \
	F(mkostemps64, int, (char *name, int len, int flags), (name, len, flags))               \
	F(socket, int, (int family, int type, int protocol), (family, type, protocol))          \
	F(accept, int, (int fd, void *addr, void *len), (fd, addr, len))                        \
	F(accept4, int, (int fd, void *addr, void *len, int flags), (fd, addr, len, flags))     \
	F(epoll_create, int, (int size), (size))                                                \
	F(epoll_create1, int, (int flags), (flags))                                             \
	F(eventfd, int, (unsigned count, int flags), (count, flags))                            \
	F(timerfd_create, int, (int clock, int flags), (clock, flags))                          \
	F(inotify_init, int, (void), ())                                                        \
	F(inotify_init1, int, (int flags), (flags))                                             \
	F(fanotify_init, int, (unsigned flags, unsigned events), (flags, events))               \
	F(open_by_handle_at, int, (int mount, void *handle, int flags), (mount, handle, flags)) \
	F(posix_openpt, int, (int flags), (flags))                                              \
	F(shm_open, int, (const char *name, int flags, mode_t mode), (name, flags, mode))

#define F(name, result, parameters, arguments)                                             \
	HOOK result hook_##name parameters __asm__(#name);                                 \
	static void *real_##name;                                                          \
	result hook_##name parameters                                                      \
	{                                                                                  \
		result(*f) parameters = (result(*) parameters)behind(&real_##name, #name); \
                                                                                           \
		return opened(f ? f arguments : none(), #name);                            \
	}
FUNCTIONS
#undef F

/* A libc that is older than these leaves them to the kernel. */
#define SYSTEM_CALLS                                                                            \
	K(memfd_create, int, (const char *name, unsigned flags), (name, flags))                 \
	K(pidfd_open, int, (int pid, unsigned flags), (pid, flags))                             \
	K(pidfd_getfd, int, (int pidfd, int fd, unsigned flags), (pidfd, fd, flags))            \
	K(open_tree, int, (int dir, const char *path, unsigned flags), (dir, path, flags))      \
	K(fsopen, int, (const char *name, unsigned flags), (name, flags))                       \
	K(fsmount, int, (int fs, unsigned flags, unsigned attributes), (fs, flags, attributes)) \
	K(fspick, int, (int dir, const char *path, unsigned flags), (dir, path, flags))

#define LIST(...) __VA_ARGS__
#define K(name, result, parameters, arguments)                                                    \
	HOOK result hook_##name parameters __asm__(#name);                                        \
	static void *real_##name;                                                                 \
	result hook_##name parameters                                                             \
	{                                                                                         \
		result(*f) parameters = (result(*) parameters)behind(&real_##name, #name);        \
                                                                                                  \
		return opened(f ? f arguments : (int)syscall(SYS_##name, LIST arguments), #name); \
	}
SYSTEM_CALLS
#undef K

/* A stream each, and the descriptor below it. */
#define STREAMS                                                                      \
	S(fopen, (const char *path, const char *mode), (path, mode))                 \
	S(fopen64, (const char *path, const char *mode), (path, mode))               \
	S(freopen, (const char *path, const char *mode, FILE *f), (path, mode, f))   \
	S(freopen64, (const char *path, const char *mode, FILE *f), (path, mode, f)) \
	S(tmpfile, (void), ())                                                       \
	S(tmpfile64, (void), ())                                                     \
	S(popen, (const char *command, const char *mode), (command, mode))

#define S(name, parameters, arguments)                                                        \
	HOOK FILE *hook_##name parameters __asm__(#name);                                     \
	static void *real_##name;                                                             \
	FILE *hook_##name parameters                                                          \
	{                                                                                     \
		FILE *(*next)parameters = (FILE * (*)parameters) behind(&real_##name, #name); \
		FILE *got = next ? next arguments : (none(), NULL);                           \
                                                                                              \
		opened(got ? fileno_unlocked(got) : -1, #name);                               \
		return got;                                                                   \
	}
STREAMS
#undef S

HOOK DIR *hook_opendir(const char *path) __asm__("opendir");
static void *real_opendir;
DIR *hook_opendir(const char *path)
{
	DIR *(*next)(const char *) = (DIR * (*)(const char *)) behind(&real_opendir, "opendir");
	DIR *got = next(path);

	if (got)
		opened(dirfd(got), "opendir");
	return got;
}

/* A mode stands behind the flags when a file may be created. */
#define MODE(flags)                                              \
	mode_t mode = 0;                                         \
	va_list ap;                                              \
                                                                 \
	va_start(ap, flags);                                     \
	if ((flags)&O_CREAT || ((flags)&O_TMPFILE) == O_TMPFILE) \
		mode = va_arg(ap, mode_t);                       \
	va_end(ap)

#define OPEN(name)                                                                    \
	HOOK int hook_##name(const char *path, int flags, ...) __asm__(#name);        \
	static void *real_##name;                                                     \
	int hook_##name(const char *path, int flags, ...)                             \
	{                                                                             \
		int (*next)(const char *, int, ...) =                                 \
			(int (*)(const char *, int, ...))behind(&real_##name, #name); \
		MODE(flags);                                                          \
		return opened(next(path, flags, mode), #name);                        \
	}
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                                       \
	HOOK int hook_##name(int dir, const char *path, int flags, ...) __asm__(#name);    \
	static void *real_##name;                                                          \
	int hook_##name(int dir, const char *path, int flags, ...)                         \
	{                                                                                  \
		int (*next)(int, const char *, int, ...) =                                 \
			(int (*)(int, const char *, int, ...))behind(&real_##name, #name); \
		MODE(flags);                                                               \
		return opened(next(dir, path, flags, mode), #name);                        \
	}
OPENAT(openat)
OPENAT(openat64)

/* With a descriptor it changes what that waits for. */
HOOK int hook_signalfd(int fd, const void *mask, int flags) __asm__("signalfd");
static void *real_signalfd;
int hook_signalfd(int fd, const void *mask, int flags)
{
	int (*next)(int, const void *, int) =
		(int (*)(int, const void *, int))behind(&real_signalfd, "signalfd");
	int got = next(fd, mask, flags);

	return fd < 0 ? opened(got, "signalfd") : got;
}

/* Two at once. */
#define PAIR(name, parameters, arguments)                                               \
	HOOK int hook_##name parameters __asm__(#name);                                 \
	static void *real_##name;                                                       \
	int hook_##name parameters                                                      \
	{                                                                               \
		int(*next) parameters = (int(*) parameters)behind(&real_##name, #name); \
		int r = next arguments;                                                 \
                                                                                        \
		if (!r) {                                                               \
			opened(pair[0], #name);                                         \
			opened(pair[1], #name);                                         \
		}                                                                       \
		return r;                                                               \
	}
PAIR(pipe, (int pair[2]), (pair))
PAIR(pipe2, (int pair[2], int flags), (pair, flags))
PAIR(socketpair, (int family, int type, int protocol, int pair[2]), (family, type, protocol, pair))

HOOK int hook_dup(int fd) __asm__("dup");
static void *real_dup;
int hook_dup(int fd)
{
	return relayed(fd, ((int (*)(int))behind(&real_dup, "dup"))(fd), "dup");
}

HOOK int hook_dup2(int fd, int to) __asm__("dup2");
static void *real_dup2;
int hook_dup2(int fd, int to)
{
	return relayed(fd, ((int (*)(int, int))behind(&real_dup2, "dup2"))(fd, to), "dup2");
}

HOOK int hook_dup3(int fd, int to, int flags) __asm__("dup3");
static void *real_dup3;
int hook_dup3(int fd, int to, int flags)
{
	int (*next)(int, int, int) = (int (*)(int, int, int))behind(&real_dup3, "dup3");

	return relayed(fd, next(fd, to, flags), "dup3");
}

/* Its last argument is an int, a pointer, or not there: it is handed on as it came. */
#define FCNTL(name)                                                                               \
	HOOK int hook_##name(int fd, int what, ...) __asm__(#name);                               \
	static void *real_##name;                                                                 \
	int hook_##name(int fd, int what, ...)                                                    \
	{                                                                                         \
		int (*next)(int, int, ...) = (int (*)(int, int, ...))behind(&real_##name, #name); \
		va_list ap;                                                                       \
		void *arg;                                                                        \
		int r;                                                                            \
                                                                                                  \
		va_start(ap, what);                                                               \
		arg = va_arg(ap, void *);                                                         \
		va_end(ap);                                                                       \
		r = next(fd, what, arg);                                                          \
		if (what == F_DUPFD || what == F_DUPFD_CLOEXEC)                                   \
			relayed(fd, r, "F_DUPFD");                                                \
		return r;                                                                         \
	}
FCNTL(fcntl)
FCNTL(fcntl64)

HOOK ssize_t hook_recvmsg(int fd, struct msghdr *m, int flags) __asm__("recvmsg");
static void *real_recvmsg;
ssize_t hook_recvmsg(int fd, struct msghdr *m, int flags)
{
	ssize_t (*next)(int, struct msghdr *, int) =
		(ssize_t(*)(int, struct msghdr *, int))behind(&real_recvmsg, "recvmsg");
	ssize_t r = next(fd, m, flags);

	if (r >= 0)
		received(fd, m, "recvmsg");
	return r;
}

HOOK int hook_recvmmsg(int fd, struct mmsghdr *m, unsigned n, int flags,
		       struct timespec *wait) __asm__("recvmmsg");
static void *real_recvmmsg;
int hook_recvmmsg(int fd, struct mmsghdr *m, unsigned n, int flags, struct timespec *wait)
{
	int (*next)(int, struct mmsghdr *, unsigned, int, struct timespec *) =
		(int (*)(int, struct mmsghdr *, unsigned, int, struct timespec *))behind(
			&real_recvmmsg, "recvmmsg");
	int r = next(fd, m, n, flags, wait);

	for (int i = 0; i < r; i++)
		received(fd, &m[i].msg_hdr, "recvmmsg");
	return r;
}

__attribute__((constructor)) static void load(void)
{
#define F(name, result, parameters, arguments) behind(&real_##name, #name);
#define K(name, result, parameters, arguments) behind(&real_##name, #name);
#define S(name, parameters, arguments)	       behind(&real_##name, #name);
	FUNCTIONS
	SYSTEM_CALLS
	STREAMS
#undef F
#undef K
#undef S
	static const struct {
		void **kept;
		char name[12];
	} others[] = {
		{ &real_open, "open" },
		{ &real_open64, "open64" },
		{ &real_openat, "openat" },
		{ &real_openat64, "openat64" },
		{ &real_pipe, "pipe" },
		{ &real_pipe2, "pipe2" },
		{ &real_socketpair, "socketpair" },
		{ &real_dup, "dup" },
		{ &real_dup2, "dup2" },
		{ &real_dup3, "dup3" },
		{ &real_fcntl, "fcntl" },
		{ &real_fcntl64, "fcntl64" },
		{ &real_recvmsg, "recvmsg" },
		{ &real_recvmmsg, "recvmmsg" },
		{ &real_signalfd, "signalfd" },
		{ &real_opendir, "opendir" },
	};

	for (unsigned i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		behind(others[i].kept, others[i].name);
	closes_open();
	stack_open();
	tell_open();
	table_open();
	script_open();
}
