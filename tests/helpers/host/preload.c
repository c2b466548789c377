/*
 * host_preload: not a program but an object to preload (tests/build.mk).  Its constructor starts
 * $HOST_CHILD with posix_spawn; when it stands behind the shim, that is before the shim's
 * constructor has run.
 */
#include <spawn.h>

#include "tests/helpers/host/host.h"

static void __attribute__((constructor)) start_a_child(void)
{
	char *child = getenv("HOST_CHILD"), *argv[] = { child, NULL };
	char *envp[] = { NULL };
	pid_t pid;
	int error;

	if (!child)
		return;
	error = posix_spawn(&pid, child, NULL, NULL, argv, envp);
	printf("spawn %s\n", strerror(error));
	fflush(stdout);
	if (!error)
		printf("child %d\n", status_of(pid));
	fflush(stdout);
}
