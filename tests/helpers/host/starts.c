/*
 * host_starts: every kind of start, one after the other, with memory of malloc's and a leak open,
 * for the tools that look at a program's memory or stand between it and libc.
 *
 *	host_starts FDLIST [COUNT]     with COUNT more descriptors open; ends as FDLIST
 */
#include <pthread.h>
#include <spawn.h>

#include "tests/helpers/host/host.h"

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static char *copy(const char *s)
{
	char *c = malloc(strlen(s) + 1);

	return c ? strcpy(c, s) : NULL;
}

static void said(const char *what, int r)
{
	printf("%s %d\n", what, r);
	fflush(stdout);
}

static void starts(char **argv, char **env)
{
	char line[100] = "";
	pid_t pid;
	FILE *f;
	int r;

	r = posix_spawn(&pid, argv[0], NULL, NULL, argv, env);
	said("posix_spawn", r ? r : status_of(pid));
	r = posix_spawnp(&pid, "true", NULL, NULL, argv, env);
	said("posix_spawnp", r ? r : status_of(pid));
	said("system", system("exit 3"));
	f = popen("echo text", "r");
	if (!f || !fgets(line, sizeof(line), f))
		die("popen");
	said(line, pclose(f));
	pid = fork();
	if (!pid) {
		execve(argv[0], argv, env);
		_exit(9);
	}
	said("fork", status_of(pid));
	said("vfork", status_of(vfork_exec(argv[0], argv, env)));
	execve("/nonexistent", argv, env);
	said("no exec", errno);
	execve("/etc/passwd", argv, env);
	said("no exec", errno);
}

int main(int argc, char **argv)
{
	char *env[4], *args[] = { copy("/bin/true"), NULL };
	pthread_t t;
	int n = 0;

	if (argc < 2)
		return 125;
	env[n++] = copy("PATH=/usr/bin:/bin");
	env[n++] = copy("A=b");
	if (getenv("ASAN_OPTIONS"))
		env[n++] = getenv("ASAN_OPTIONS") - strlen("ASAN_OPTIONS=");
	env[n] = NULL;
	leak_at(3);
	for (int i = argc > 2 ? atoi(argv[2]) : 0; i > 0; i--)
		if (fcntl(3, F_DUPFD_CLOEXEC, 4) < 0)
			die("F_DUPFD");
	starts(args, env);
	if (pthread_create(&t, NULL, idle, NULL))
		die("pthread_create");
	execve("/nonexistent", args, env);
	said("no exec beside a thread", errno);
	free(args[0]);
	args[0] = argv[1];
	execve(argv[1], args, env);
	die(argv[1]);
}
