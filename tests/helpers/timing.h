/*
 * timing.h: what the programs that time execs share (tests/helpers/trace/execs.c,
 * tests/bench/tracer/toggle.c).
 */
#ifndef TIMING_H
#define TIMING_H

#include <sched.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Nanoseconds since some start. */
static inline double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* For qsort(). */
static inline int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Nanoseconds of one vfork, exec and end; negative if it failed. */
static inline double exec_turn(char **argv)
{
	double start = now();
	int status;
	pid_t pid = vfork();

	if (!pid) {
		execv(argv[0], argv);
		_exit(127);
	}
	return pid < 0 || waitpid(pid, &status, 0) != pid || status ? -1 : now() - start;
}

/* Nanoseconds of one getppid(), over count of them. */
static inline double call_turn(int count)
{
	double start = now();

	for (int i = 0; i < count; i++)
		getppid();
	return (now() - start) / count;
}

/* On this processor alone and, where allowed, before all others.  Not 0: not before all others. */
static inline int pin(void)
{
	struct sched_param first = { .sched_priority = 1 };
	int cpu = sched_getcpu();
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(cpu < 0 ? 0 : (size_t)cpu, &one);
	sched_setaffinity(0, sizeof(one), &one);
	return sched_setscheduler(0, SCHED_FIFO, &first);
}

#endif
