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
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/helpers/timing.h"

#define CALLS 20000 /* in one turn of -s */

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
		if ((took[i] = syscalls ? call_turn(CALLS) : exec_turn(argv)) < 0)
			return 125;
	qsort(took, (size_t)count, sizeof(*took), by_size);
	if (!quiet)
		printf("%.1f\n", took[count / 2]);
	return 0;
}
