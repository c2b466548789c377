/*
 * thread.c: see thread.h.
 */
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/thread.h"

/* EINVAL: it would be done.  ENOSYS: libc does without. */
static bool is_denied(void)
{
	return syscall(SYS_clone3, NULL, 0) < 0 && errno != EINVAL && errno != ENOSYS;
}

const char *thread_why(int error)
{
	if (is_denied())
		return "a filter denies clone3: it has to allow it, or to answer ENOSYS, which "
		       "libc takes for an older kernel";
	return strerror(error);
}

/* No thread is made: libc would catch signal 33 from then on, and CMD would no longer ignore it. */
int thread_try(void)
{
	if (!is_denied())
		return 0;
	say("cannot start a thread: %s", thread_why(EPERM));
	return -1;
}
