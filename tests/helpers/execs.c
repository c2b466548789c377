/*
 * execs: a loop of vfork and exec, and how long one turn took.
 *
 *	execs [-n FDS] [-r PER_SECOND] [-q] COUNT CMD [ARGS...]
 *	execs -s COUNT      getppid instead: nanoseconds for one system call
 *
 * Leaves FDS descriptors open, starts CMD COUNT times one after the other (at
 * most PER_SECOND), and prints nanoseconds for one.  Linked static, so that what
 * is measured is the exec.  -q: say nothing.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int calls(long n)
{
	double start = now();
	long i;

	for (i = 0; i < n; i++)
		getppid();
	printf("%.1f\n", (now() - start) / (double)n);
	return 0;
}

int main(int argc, char **argv)
{
	int fds = 0, quiet = 0, opt, count, i, status;
	double rate = 0, start, due;
	pid_t pid;

	while ((opt = getopt(argc, argv, "+n:r:qs:")) != -1) {
		if (opt == 'n')
			fds = atoi(optarg);
		else if (opt == 'r')
			rate = atof(optarg);
		else if (opt == 's')
			return calls(atol(optarg));
		else if (opt == 'q')
			quiet = 1;
		else
			return 125;
	}
	if (argc - optind < 2)
		return 125;
	count = atoi(argv[optind]);
	argv += optind + 1;
	for (i = 0; i < fds; i++)
		if (open("/etc/passwd", O_RDONLY) < 0)
			return 125;
	start = now();
	for (i = 0; i < count; i++) {
		due = rate > 0 ? start + (double)i * 1e9 / rate - now() : 0;
		if (due > 0)
			nanosleep(&(struct timespec){ 0, (long)due }, NULL);
		pid = vfork();
		if (!pid) {
			execv(argv[0], argv);
			_exit(127);
		}
		if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
			return 125;
	}
	if (!quiet)
		printf("%.0f\n", (now() - start) / count);
	return 0;
}
