/*
 * execs: a loop of vfork and exec, and how long one turn took.
 *
 *	execs [-n FDS] [-p] [-q] COUNT CMD [ARGS...]
 *	execs -s COUNT      getppid instead: nanoseconds for one system call, COUNT times 20,000
 *
 * Leaves FDS descriptors open, starts CMD COUNT times one after the other and
 * prints nanoseconds for one: the median, which a neighbour that takes the
 * processor for a while does not move.  Linked static, so that what is measured
 * is the exec.  -p: on one processor and, where allowed, under SCHED_FIFO.
 * -q: say nothing.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define CALLS 20000 /* in one turn of -s */

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static double calls(void)
{
	double start = now();
	int i;

	for (i = 0; i < CALLS; i++)
		getppid();
	return (now() - start) / CALLS;
}

static double turn(char **argv)
{
	double start = now();
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execv(argv[0], argv);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		exit(125);
	return now() - start;
}

static void pin(void)
{
	struct sched_param first = { .sched_priority = 1 };
	int cpu = sched_getcpu();
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu < 0 ? 0 : (size_t)cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
	sched_setscheduler(0, SCHED_FIFO, &first);
}

int main(int argc, char **argv)
{
	int fds = 0, quiet = 0, syscalls = 0, opt, count, i;
	double *took;

	while ((opt = getopt(argc, argv, "+n:pqs")) != -1) {
		if (opt == 'n')
			fds = atoi(optarg);
		else if (opt == 'p')
			pin();
		else if (opt == 's')
			syscalls = 1;
		else if (opt == 'q')
			quiet = 1;
		else
			return 125;
	}
	count = optind < argc ? atoi(argv[optind]) : 0;
	argv += optind + 1;
	took = count > 0 ? calloc((size_t)count, sizeof(*took)) : NULL;
	if (!took || (!syscalls && !argv[0]))
		return 125;
	for (i = 0; i < fds; i++)
		if (open("/etc/passwd", O_RDONLY) < 0)
			return 125;
	for (i = 0; i < count; i++)
		took[i] = syscalls ? calls() : turn(argv);
	qsort(took, (size_t)count, sizeof(*took), by_size);
	if (!quiet)
		printf("%.1f\n", took[count / 2]);
	return 0;
}
