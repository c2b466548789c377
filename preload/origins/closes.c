/* closes.c: what closes descriptors in libc, and unloads libraries. */
#include <dirent.h>
#include <errno.h>
#include <linux/close_range.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "preload/origins/hooks.h"
#include "preload/origins/table.h"

static void closed(unsigned first, unsigned last)
{
	int e = errno;

	table_closed(first, last);
	errno = e;
}

/* Forgotten before it is closed: behind that, the number may be another thread's already. */
HOOK int hook_close(int fd) __asm__("close");
static void *real_close;
int hook_close(int fd)
{
	int (*next)(int) = (int (*)(int))behind(&real_close, "close");

	if (fd >= 0)
		closed((unsigned)fd, (unsigned)fd);
	return next(fd);
}

HOOK int hook_fclose(FILE *f) __asm__("fclose");
static void *real_fclose;
int hook_fclose(FILE *f)
{
	int (*next)(FILE *) = (int (*)(FILE *))behind(&real_fclose, "fclose");
	int e = errno, fd = fileno_unlocked(f);

	errno = e;
	if (fd >= 0)
		closed((unsigned)fd, (unsigned)fd);
	return next(f);
}

HOOK int hook_pclose(FILE *f) __asm__("pclose");
static void *real_pclose;
int hook_pclose(FILE *f)
{
	int (*next)(FILE *) = (int (*)(FILE *))behind(&real_pclose, "pclose");
	int e = errno, fd = fileno_unlocked(f);

	errno = e;
	if (fd >= 0)
		closed((unsigned)fd, (unsigned)fd);
	return next(f);
}

/* With CLOSE_RANGE_UNSHARE those of the other threads stay open, with CLOSE_RANGE_CLOEXEC all do. */
HOOK int hook_close_range(unsigned first, unsigned last, int flags) __asm__("close_range");
static void *real_close_range;
int hook_close_range(unsigned first, unsigned last, int flags)
{
	int (*next)(unsigned, unsigned, int) =
		(int (*)(unsigned, unsigned, int))behind(&real_close_range, "close_range");

	if (!(flags & (CLOSE_RANGE_CLOEXEC | CLOSE_RANGE_UNSHARE)))
		closed(first, last);
	return next ? next(first, last, flags) : (int)syscall(SYS_close_range, first, last, flags);
}

HOOK void hook_closefrom(int first) __asm__("closefrom");
static void *real_closefrom;
void hook_closefrom(int first)
{
	void (*next)(int) = (void (*)(int))behind(&real_closefrom, "closefrom");

	first = first < 0 ? 0 : first;
	closed((unsigned)first, ~0U);
	if (next)
		next(first);
	else
		syscall(SYS_close_range, (unsigned)first, ~0U, 0);
}

HOOK int hook_closedir(DIR *d) __asm__("closedir");
static void *real_closedir;
int hook_closedir(DIR *d)
{
	int (*next)(DIR *) = (int (*)(DIR *))behind(&real_closedir, "closedir");

	if (d)
		closed((unsigned)dirfd(d), (unsigned)dirfd(d));
	return next(d);
}

/* Counted before and behind: what is opened meanwhile may be by a library that goes, or by one that comes. */
HOOK int hook_dlclose(void *library) __asm__("dlclose");
static void *real_dlclose;
int hook_dlclose(void *library)
{
	int (*next)(void *) = (int (*)(void *))behind(&real_dlclose, "dlclose");
	int r;

	table_unloaded();
	r = next(library);
	table_unloaded();
	return r;
}

void closes_open(void)
{
	behind(&real_dlclose, "dlclose");
	behind(&real_close, "close");
	behind(&real_fclose, "fclose");
	behind(&real_pclose, "pclose");
	behind(&real_closedir, "closedir");
	behind(&real_close_range, "close_range");
	behind(&real_closefrom, "closefrom");
}
