/*
 * limit.c: what tells a program how many descriptors it may have.  With the setting CLAMP a
 * program that asks for its own limit is told little more than what is open, so that a loop over
 * all numbers ends soon; the real limit stays (core/clamp.h).
 *
 * Without it, and for all else, each does what libc's does: one prlimit64, the same in glibc and
 * musl.  Async-signal-safe, but for ulimit(), which may look a name up.
 */
#include <asm/resource.h>
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <unistd.h>

#include "preload/core/clamp.h"
#include "preload/fence/fence.h"
#include "preload/raw/errno.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

#define GETS_OPEN_MAX 4	  /* a command of glibc's ulimit() */
#define GLIBC_DEFAULT 256 /* its getdtablesize(), where the kernel does not say */
#define NO_RESOURCE   (-1)

static bool clamps(void)
{
	return fdf_fence && fdf_fence->set.clamp && !fdf_fence->set.off;
}

static int kernel(int pid, int resource, const struct fdf_limits *set, struct fdf_limits *old)
{
	return (int)SYS4(__NR_prlimit64, pid, resource, set, old);
}

static void tell(struct fdf_limits *limits)
{
	unsigned end = (unsigned)fdf_each_end(FDF_CLAMP_LEAST);

	*limits = fdf_clamp_tell(&fdf_fence->clamp, *limits, end);
}

static int get_own(struct fdf_limits *old)
{
	int r = kernel(0, RLIMIT_NOFILE, NULL, old);

	if (r == 0)
		tell(old);
	return r;
}

/*
 * What the limits in force are told as is noted before they change: it may be a child or a sibling
 * that was told, as in a shell's o=$(ulimit -n).
 */
static int note_told(int pid)
{
	struct fdf_limits now;
	int r = kernel(pid, RLIMIT_NOFILE, NULL, &now);

	if (r == 0)
		tell(&now);
	return r;
}

/* Another process means the same by its numbers; what it has is told as it is. */
static int set_meant(int pid, bool own, const struct fdf_limits *set, struct fdf_limits *old)
{
	struct fdf_limits meant;
	/* it reads what is set before it looks at that */
	int r = kernel(0, NO_RESOURCE, set, NULL);

	if (r != -EFAULT)
		r = note_told(pid);
	if (r < 0)
		return r;
	/* a vfork child's memory is its parent's, which has not named these numbers */
	if (own && !fdf_borrower(fdf_fence))
		fdf_clamp_own(&fdf_fence->clamp, *set);
	meant = fdf_clamp_meant(&fdf_fence->clamp, *set);
	r = kernel(pid, RLIMIT_NOFILE, &meant, old);
	if (r == 0 && old && own)
		tell(old);
	return r;
}

static bool is_own(int pid)
{
	return pid == 0 || pid == sys_getpid() || pid == sys_gettid();
}

static int limit(int pid, int resource, const struct fdf_limits *set, struct fdf_limits *old)
{
	if (resource != RLIMIT_NOFILE || !clamps() || (!set && !old))
		return kernel(pid, resource, set, old);
	if (set)
		return set_meant(pid, is_own(pid), set, old);
	return is_own(pid) ? get_own(old) : kernel(pid, resource, NULL, old);
}

FDF_EXPORT int prlimit64(int pid, int resource, const struct fdf_limits *set,
			 struct fdf_limits *old);
FDF_EXPORT int prlimit64(int pid, int resource, const struct fdf_limits *set,
			 struct fdf_limits *old)
{
	return fdf_ret(limit(pid, resource, set, old));
}

FDF_EXPORT int getrlimit64(int resource, struct fdf_limits *old);
FDF_EXPORT int getrlimit64(int resource, struct fdf_limits *old)
{
	return fdf_ret(limit(0, resource, NULL, old));
}

FDF_EXPORT int setrlimit64(int resource, const struct fdf_limits *set);
FDF_EXPORT int setrlimit64(int resource, const struct fdf_limits *set)
{
	return fdf_ret(limit(0, resource, set, NULL));
}

/* struct rlimit of glibc, whose members are a long; musl's are 64 bits everywhere. */
struct rlimits {
	unsigned long soft, hard;
};

static bool is_wide(void)
{
	return sizeof(long) == sizeof(uint64_t) || (fdf_fence && !fdf_fence->glibc);
}

static uint64_t widened(unsigned long n)
{
	return n == ULONG_MAX ? UINT64_MAX : n;
}

static unsigned long narrowed(uint64_t n)
{
	return n > ULONG_MAX ? ULONG_MAX : (unsigned long)n;
}

FDF_EXPORT int prlimit(int pid, int resource, const void *set, void *old);
FDF_EXPORT int prlimit(int pid, int resource, const void *set, void *old)
{
	struct fdf_limits to = { 0, 0 }, from;
	struct rlimits *out = old;
	int r;

	if (is_wide())
		return fdf_ret(limit(pid, resource, set, old));
	if (set) {
		const struct rlimits *in = set;

		to = (struct fdf_limits){ widened(in->soft), widened(in->hard) };
	}
	r = limit(pid, resource, set ? &to : NULL, old ? &from : NULL);
	if (r == 0 && out)
		*out = (struct rlimits){ narrowed(from.soft), narrowed(from.hard) };
	return fdf_ret(r);
}

FDF_EXPORT int getrlimit(int resource, void *old);
FDF_EXPORT int getrlimit(int resource, void *old)
{
	return prlimit(0, resource, NULL, old);
}

FDF_EXPORT int setrlimit(int resource, const void *set);
FDF_EXPORT int setrlimit(int resource, const void *set)
{
	return prlimit(0, resource, set, NULL);
}

/* The soft limit, or -errno. */
static long open_max(void)
{
	struct fdf_limits own;
	int r = limit(0, RLIMIT_NOFILE, NULL, &own);

	return r < 0 ? r : own.soft < INT_MAX ? (long)own.soft : INT_MAX;
}

FDF_EXPORT int getdtablesize(void)
{
	long n = open_max();

	return n < 0 ? GLIBC_DEFAULT : (int)n;
}

FDF_EXPORT long sysconf(int name)
{
	long n = name == _SC_OPEN_MAX && clamps() ? open_max() : -1;

	return n < 0 ? FDF_REAL(sysconf)(name) : n;
}
long __sysconf(int name) FDF_ALIAS(sysconf);

FDF_EXPORT long ulimit(int cmd, ...);
FDF_EXPORT long ulimit(int cmd, ...)
{
	va_list va;
	long arg;

	if (cmd == GETS_OPEN_MAX && clamps() && fdf_fence->glibc)
		return sysconf(_SC_OPEN_MAX);
	va_start(va, cmd);
	arg = va_arg(va, long); /* as libc's own does, whether it was given or not */
	va_end(va);
	return FDF_REAL(ulimit)(cmd, arg);
}
