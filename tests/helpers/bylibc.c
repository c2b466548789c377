/*
 * bylibc: programs that libc starts by itself.
 *
 *	bylibc [-i] [-u] WORDS...    wordexp() of each; -i: SIGCHLD is ignored; -u: LD_PRELOAD is not
 *	                             in the environment then
 *	bylibc [-w] -s PROGRAM       posix_spawn() with a flag that nobody knows; -w: and awaited
 *
 * Holds /etc/passwd without close-on-exec.  Exits with the sum of what wordexp() returned, or the
 * errno of the spawn.
 */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>
#include <wordexp.h>

extern char **environ;

static int spawn(char *program, bool awaited)
{
	char *argv[] = { program, NULL };
	posix_spawnattr_t attr;
	pid_t pid;
	int r;

	posix_spawnattr_init(&attr);
	attr.__flags = 0x4000;
	r = posix_spawn(&pid, program, NULL, &attr, argv, environ);
	if (!r && awaited)
		waitpid(pid, NULL, 0);
	return r;
}

int main(int argc, char **argv)
{
	wordexp_t w;
	bool awaited = false;
	int c, sum = 0;

	if (open("/etc/passwd", O_RDONLY) < 0)
		return 120;
	while ((c = getopt(argc, argv, "+iuws:")) != -1) {
		if (c == 'i')
			signal(SIGCHLD, SIG_IGN);
		else if (c == 'u')
			unsetenv("LD_PRELOAD");
		else if (c == 'w')
			awaited = true;
		else
			return c == 's' ? spawn(optarg, awaited) : 120;
	}
	for (; argv[optind]; optind++)
		sum += wordexp(argv[optind], &w, 0);
	return sum;
}
