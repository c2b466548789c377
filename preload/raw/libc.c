/* libc.c: see libc.h; what stands in until the constructor has looked. */
#include <signal.h>

#include "preload/raw/errno.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

/* Before the constructor has run: a hook that another preload's constructor reaches. */
static long early(long nr, long a, long b, long c, long d, long e)
{
	return fdf_ret((int)sys5(nr, a, b, c, d, e));
}

/* Not every processor has fork. */
static int early_fork(void)
{
	return fdf_ret((int)SYS5(__NR_clone, SIGCHLD, 0, 0, 0, 0));
}

static int early_close(int fd)
{
	return fdf_ret(sys_close(fd));
}

struct fdf_real fdf_real = { .syscall = (long (*)(long, ...))early,
			     .vfork = early_fork,
			     .fork = early_fork,
			     .close = early_close };
