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

static struct fdf_limits tell(struct fdf_limits real)
{
	unsigned *told = &fdf_fence->told_limit, was = __atomic_load_n(told, __ATOMIC_RELAXED);
	unsigned set = __atomic_load_n(&fdf_fence->set_limit, __ATOMIC_RELAXED), now = was;
	unsigned end = (unsigned)fdf_each_end(FDF_CLAMP_LEAST);
	struct fdf_limits r = fdf_clamp_tell(real, end > set ? end : set, &now);

	while (now > was && !__atomic_compare_exchange_n(told, &was, now, true, __ATOMIC_RELAXED,
							 __ATOMIC_RELAXED))
		;
	return r;
}

static int get_own(struct fdf_limits *old)
{
	int r = kernel(0, RLIMIT_NOFILE, NULL, old);

	if (r == 0)
		*old = tell(*old);
	return r;
}

static int set_own(const struct fdf_limits *set, struct fdf_limits *old)
{
	struct fdf_limits real, meant;
	int r = kernel(0, NO_RESOURCE, set,
		       NULL); /* it reads what is set before it looks at that */

	if (r == -EFAULT)
		return r;
	r = kernel(0, RLIMIT_NOFILE, NULL, &real);
	if (r < 0)
		return r;
	meant = fdf_clamp_meant(*set, real,
				__atomic_load_n(&fdf_fence->told_limit, __ATOMIC_RELAXED));
	r = kernel(0, RLIMIT_NOFILE, &meant, old);
	if (r == 0 && old)
		*old = tell(*old);
	if (r == 0)
		__atomic_store_n(&fdf_fence->set_limit, fdf_clamp_known(*set, meant),
				 __ATOMIC_RELAXED);
	return r;
}

static int limit(int pid, int resource, const struct fdf_limits *set, struct fdf_limits *old)
{
	bool own = resource == RLIMIT_NOFILE && (pid == 0 || pid == sys_getpid()) && clamps();

	if (!own || (!set && !old))
		return kernel(pid, resource, set, old);
	return set ? set_own(set, old) : get_own(old);
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
