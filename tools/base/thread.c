/*
 * thread.c: see thread.h.
 */
#include <errno.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/thread.h"

const char *thread_why(int error)
{
	/* EINVAL: it would be done.  ENOSYS: libc does without. */
	if (syscall(SYS_clone3, NULL, 0) < 0 && errno != EINVAL && errno != ENOSYS)
		return "a filter denies clone3: it has to allow it, or to answer ENOSYS, which "
		       "libc takes for an older kernel";
	return strerror(error);
}

static void *nothing(void *ctx)
{
	return ctx;
}

int thread_try(void)
{
	pthread_t thread;
	int error = pthread_create(&thread, NULL, nothing, NULL);

	if (error) {
		say("cannot start a thread: %s", thread_why(error));
		return -1;
	}
	pthread_join(thread, NULL);
	return 0;
}
