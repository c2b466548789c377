/*
 * host_newer: a spawn with what a newer libc might bring.
 *
 *	host_newer action PROGRAM    a file action with a tag that nobody knows yet
 *	host_newer flag PROGRAM      an attribute flag that nobody knows yet
 *
 * The unknown part is written into glibc's structures by hand, behind a dup2 from 3 to 20 that has
 * to be carried out all the same: glibc 2.36 passes over tags and flags that it does not know.
 * PROGRAM must start, and must not see what leaks.
 */
#include <spawn.h>

#include "tests/helpers/host/host.h"

/* As in glibc's posix/spawn_int.h. */
struct action {
	int tag;
	char rest[28];
};

int main(int argc, char **argv)
{
	posix_spawn_file_actions_t fa;
	posix_spawnattr_t attr;
	char *child[] = { argv[2], NULL };
	pid_t pid;
	int r;

	if (argc != 3)
		return 125;
	leak_at(3);
	leak_at(30);
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
	posix_spawn_file_actions_adddup2(&fa, 3, 20);
	posix_spawn_file_actions_addclose(&fa, 4);
	if (!strcmp(argv[1], "action"))
		((struct action *)fa.__actions)[1].tag = 77;
	else
		attr.__flags = 0x4000;
	r = posix_spawn(&pid, argv[2], &fa, &attr, child, environ);
	printf("%s\n", strerror(r));
	fflush(stdout);
	return r ? 1 : status_of(pid) != 0;
}
