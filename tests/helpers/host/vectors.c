/*
 * host_vectors: unusual arguments, environments and search paths.
 *
 *	host_vectors path FDLIST     execvp finds it behind PATH elements of 4 KB and more
 *	host_vectors large FDLIST    1 MB of arguments and 1 MB of environment; fails without loss:
 *	                             E2BIG where the kernel alone says so
 *	host_vectors settings COMMAND   LD_PRELOAD and 4,000 variables are its whole environment
 *	host_vectors edge|edgespawn COMMAND   the most bytes of one more argument with which COMMAND
 *	                             starts, where the last that fit are those of argv[0]
 *	host_vectors argv|envp|both FDLIST   the vector is NULL
 */
#include <libgen.h>
#include <spawn.h>
#include <stdbool.h>
#include <sys/resource.h>

#include "tests/helpers/host/host.h"

#define WORDS 1000
#define WORD  1000

static void search(char *fdlist)
{
	static char path[20000], element[5000];
	char *argv[] = { "fdlist", NULL };
	int i;

	for (i = 0; i < 4998; i += 2) /* the root directory, at length */
		memcpy(element + i, "/.", 2);
	/* One that fits with the name, one that does not fit, as libc sees it. */
	snprintf(path, sizeof(path), "%.4080s:%s:/nonexistent:%s", element, element,
		 dirname(strdup(fdlist)));
	setenv("PATH", path, 1);
	execvp("fdlist", argv);
	die("execvp");
}

static void large(char *fdlist)
{
	static char word[WORDS][WORD], *argv[WORDS + 1], *envp[WORDS + 1];
	struct rlimit r;
	int i;

	if (getrlimit(RLIMIT_STACK, &r))
		die("getrlimit");
	r.rlim_cur = r.rlim_max == RLIM_INFINITY || r.rlim_max > 64 << 20 ? 64 << 20 : r.rlim_max;
	setrlimit(RLIMIT_STACK, &r); /* the kernel grants a quarter of it to both */
	for (i = 0; i < WORDS; i++) {
		memset(word[i], 'w', WORD - 1);
		memcpy(word[i], "V=", 2);
		argv[i] = envp[i] = word[i];
	}
	argv[0] = "fdlist";
	argv[1] = "3";
	execve(fdlist, argv, envp);
	die("exec");
}

static void settings(char *command)
{
	static char preload[4096], *argv[] = { "command", NULL }, *envp[4002];
	int i;

	snprintf(preload, sizeof(preload), "LD_PRELOAD=%s", getenv("LD_PRELOAD") ?: "");
	envp[0] = preload;
	for (i = 1; i <= 4000; i++)
		envp[i] = "V=";
	execve(command, argv, envp);
	die("exec");
}

static bool starts(bool spawns, char *command, char **argv)
{
	char preload[] = "LD_PRELOAD=", *envp[] = { preload, NULL };
	pid_t pid;
	int status;

	if (spawns) {
		if (posix_spawn(&pid, command, NULL, NULL, argv, envp))
			return false;
	} else {
		pid = fork();
		if (!pid) {
			execve(command, argv, envp);
			_exit(errno == E2BIG ? 99 : 98);
		}
	}
	status = status_of(pid);
	if (status && status != 99 << 8)
		die("not E2BIG");
	return !status;
}

static int edge(bool spawns, char *command)
{
	static char first[3000], large[100000], pad[100000];
	char *argv[] = { first, large, large, pad, NULL };
	struct rlimit r;
	size_t fits = 0, not = sizeof(pad) - 1;

	if (getrlimit(RLIMIT_STACK, &r))
		die("getrlimit");
	r.rlim_cur = 1 << 20; /* 256 KiB of arguments */
	setrlimit(RLIMIT_STACK, &r);
	memset(first, 'f', sizeof(first) - 1);
	memset(large, 'l', sizeof(large) - 1);
	while (fits + 1 < not ) {
		size_t n = (fits + not ) / 2;

		memset(pad, 'p', n);
		pad[n] = 0;
		*(starts(spawns, command, argv) ? &fits : &not ) = n;
	}
	printf("fits up to %zu\n", fits);
	return 0;
}

int main(int argc, char **argv)
{
	char *args[] = { "fdlist", NULL }, *none[] = { NULL };
	char *const *volatile null = NULL; /* the compiler would say that it may not be */

	if (argc != 3)
		return 125;
	leak_at(3);
	if (!strncmp(argv[1], "edge", 4))
		return edge(argv[1][4], argv[2]);
	if (!strcmp(argv[1], "path"))
		search(argv[2]);
	if (!strcmp(argv[1], "large"))
		large(argv[2]);
	if (!strcmp(argv[1], "settings"))
		settings(argv[2]);
	execve(argv[2], strcmp(argv[1], "envp") ? null : args,
	       strcmp(argv[1], "argv") ? null : none);
	die("exec");
}
