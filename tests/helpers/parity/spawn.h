/*
 * spawn.h: one spawn and what came of it, for the parity programs about
 * posix_spawn (see parity.h).
 */
#ifndef PARITY_SPAWN_H
#define PARITY_SPAWN_H

#include "tests/helpers/parity/parity.h"

#include <spawn.h>

static posix_spawn_file_actions_t fa;
static posix_spawnattr_t attr;
static char *arguments[] = { "the name", "one", "", "three", NULL };
typedef __typeof__(posix_spawn) spawn_fn;

static void spawn_with(spawn_fn *fn, const char *path, char **argv, char **envp)
{
	pid_t pid = -77;
	int error = fn(&pid, path, &fa, &attr, argv, envp);

	/* The child first, so that their lines do not mix. */
	reap_all();
	say("spawn: %s, pid %s\n", error_name(error),
	    pid == -77 ? "untouched"
	    : pid > 0  ? "set"
		       : "bad");
	say_mask("caller");
	posix_spawn_file_actions_destroy(&fa);
	posix_spawnattr_destroy(&attr);
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
}

static inline void spawn(void)
{
	spawn_with(posix_spawn, witness, arguments, environ);
}

static inline void spawn_path(const char *path)
{
	say("-- %.60s\n", path);
	spawn_with(posix_spawn, path, arguments, environ);
}

static int spawn_cases(int argc, char **argv, const struct parity_case *table, size_t n)
{
	posix_spawn_file_actions_init(&fa);
	posix_spawnattr_init(&attr);
	return run_cases(argc, argv, table, n);
}

#endif
