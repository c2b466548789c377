/*
 * torture.c: the random tester of the seal.
 *
 *	torture [-n SHAPES] [-s SEED] [-j JOBS] [-l LIBRARY] [-b LIBRARY] [-h HOST]
 *	        [-t TARGET] [-e N=V] [-x WORD] [-k WORD] [-f] [-v] [WORD...]
 *
 * Draws shapes of programs (shape.h) from SEED, SEED+1 …, runs each without the fence and with it,
 * and compares all that they and the programs that they start can see.  Without the fence
 * descriptors that nobody meant cross; with it exactly what the shape means.  A difference is
 * shrunk to the words that are needed for it, which are printed as a command line.  With words that
 * one shape alone is run.
 *
 *	-n SHAPES   how many (100)
 *	-s SEED     the first seed (drawn; printed)
 *	-j JOBS     at once (1; at most 64)
 *	-l LIBRARY  the shim
 *	-b LIBRARY  is loaded before it: a deliberate fault (fault.c)
 *	-h HOST     the host program, e.g. one linked to musl
 *	-t TARGET   the program that it starts; static
 *	-e N=V      a variable for the host
 *	-x WORD     no shape like that: the dimension is made plain instead
 *	-k WORD     every shape like that
 *	-f          end at the first difference, without shrinking it
 *	-v          both texts of a difference
 * SIGINT and SIGTERM end it and all that it has started; the counts are printed.
 * The last line is "N shapes, N differences"; exits with 1 if there are any, 2 if it could not
 * work.
 */
#include "tests/torture/run.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { JOBS_MAX = 64 };

static long shapes = 100;
static int jobs = 1, verbose;
static uint64_t seed;
static int first_only;
static volatile sig_atomic_t ended;
static struct choices {
	int n, dimension[64], value[64];
} excluded, forced;

/* What the jobs have done so far. */
static struct {
	long shapes, differences, unsteady, sealed;
} * done;

static void add(long *to, long n)
{
	__atomic_fetch_add(to, n, __ATOMIC_RELAXED);
}

/* One dimension after the other made plain, as long as the difference stays. */
static union shape shrink(union shape s)
{
	struct outcome o;
	int again = 1;

	while (again) {
		again = 0;
		for (int i = 0; i < DIMENSION_COUNT; i++) {
			union shape t = s;

			if (!t.as[i])
				continue;
			t.as[i] = 0;
			shape_settle(&t);
			if (!memcmp(&t, &s, sizeof(t)))
				continue;
			run_shape(&t, &o);
			if (!o.differs)
				continue;
			s = t;
			again = 1;
		}
	}
	return s;
}

static void show(const union shape *s, const struct outcome *o, uint64_t from)
{
	char words[SHAPE_TEXT];

	shape_print(s, words);
	printf("difference, seed %llu: %s %s\n%s", (unsigned long long)from, command_line(), words,
	       o->difference);
	if (verbose)
		printf("--- without the fence\n%s--- with it\n%s", o->plain, o->fenced);
	fflush(stdout);
}

static void try_shape(const union shape *s, uint64_t from, int shrinks)
{
	static struct outcome o, again;
	union shape least = *s;

	run_shape(s, &o);
	add(&done->shapes, 1);
	add(&done->sealed, o.sealed);
	if (!o.differs)
		return;
	add(&done->differences, 1);
	if (o.unsteady) {
		add(&done->unsteady, 1);
		printf("(without the fence it cannot be run, or two such runs differ)\n");
	}
	if (shrinks && !o.unsteady && !first_only)
		least = shrink(*s);
	run_shape(&least, &again);
	show(again.differs ? &least : s, again.differs ? &again : &o, from);
}

static int add_word(struct choices *c, const char *word)
{
	int n = c->n;

	if (n == 64 || shape_word(word, &c->dimension[n], &c->value[n]))
		return -1;
	c->n++;
	return 0;
}

static union shape draw(uint64_t from)
{
	union shape s = shape_draw(from);

	for (int i = 0; i < forced.n; i++)
		s.as[forced.dimension[i]] = (uint8_t)forced.value[i];
	for (int i = 0; i < excluded.n; i++)
		if (s.as[excluded.dimension[i]] == excluded.value[i])
			s.as[excluded.dimension[i]] = 0;
	shape_settle(&s);
	return s;
}

/* one: the only shape; else they are drawn. */
static void __attribute__((noreturn)) work(int job, const union shape *one)
{
	if (one)
		try_shape(one, 0, 0);
	for (long i = job; !one && i < shapes && !(first_only && done->differences); i += jobs) {
		union shape s = draw(seed + (uint64_t)i);

		try_shape(&s, seed + (uint64_t)i, 1);
	}
	fflush(stdout);
	_exit(0);
}

static int finish(void)
{
	printf("%ld descriptors that nobody meant were sealed\n", done->sealed);
	if (done->unsteady)
		printf("%ld of the differences are not the fence's\n", done->unsteady);
	printf("%ld shapes, %ld differences\n", done->shapes, done->differences);
	return done->differences || done->shapes < (first_only ? 1 : shapes);
}

static void on_end(int sig)
{
	ended = sig;
}

static void say_how_far(void)
{
	static time_t said;

	if (!said)
		said = time(NULL);
	if (!isatty(2) && time(NULL) - said < 10)
		return;
	fprintf(stderr, "%ld of %ld shapes, %ld differences%c", done->shapes, shapes,
		done->differences, isatty(2) ? '\r' : '\n');
	said = time(NULL);
}

/* Until all shapes are run, or a signal ends this process, and with it its jobs. */
static int run_jobs(const union shape *one)
{
	const struct sigaction a = { .sa_handler = on_end };
	pid_t pids[JOBS_MAX];
	int left = 0, status;

	for (; left < jobs; left++) {
		pids[left] = run_job(left);
		if (!pids[left])
			work(left, one);
		if (pids[left] < 0) {
			fprintf(stderr, "torture: a pid namespace: %s\n", strerror(errno));
			break;
		}
	}
	jobs = left;
	sigaction(SIGINT, &a, NULL);
	sigaction(SIGTERM, &a, NULL);
	while (left && !ended) {
		if (waitpid(-1, &status, WNOHANG) > 0) {
			left--;
			if (status)
				printf("a job ended with %x\n", (unsigned)status);
			continue;
		}
		usleep(20000);
		say_how_far();
	}
	for (int job = 0; left && job < jobs; job++) {
		kill(pids[job], SIGKILL);
		waitpid(pids[job], NULL, 0);
	}
	return finish();
}

static uint64_t draw_seed(void)
{
	uint64_t s = 0;

	if (getrandom(&s, 4, 0) != 4)
		exit(2);
	return s;
}

static int option_fails(int c, char *value)
{
	if (c == 'x' || c == 'k')
		return add_word(c == 'x' ? &excluded : &forced, value);
	return c == '?' ? -1 : run_option(c, value);
}

static int usage(void)
{
	fprintf(stderr, "torture: the usage is at the top of tests/torture/torture.c\n");
	return 2;
}

int main(int argc, char **argv)
{
	const char *bad;
	union shape s;
	int c, seeded = 0;

	while ((c = getopt(argc, argv, "+n:s:j:l:b:h:t:e:x:k:fv")) != -1) {
		if (c == 'n')
			shapes = atol(optarg);
		else if (c == 's')
			seed = strtoull(optarg, NULL, 10), seeded = 1;
		else if (c == 'j')
			jobs = atoi(optarg) > 0 && atoi(optarg) <= JOBS_MAX ? atoi(optarg) : 1;
		else if (c == 'v')
			verbose = 1;
		else if (c == 'f')
			first_only = 1;
		else if (option_fails(c, optarg))
			return usage();
	}
	if (run_prepare())
		return 2;
	done = mmap(NULL, sizeof(*done), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!seeded)
		seed = draw_seed();
	if (optind == argc) {
		printf("seed %llu\n", (unsigned long long)seed);
		c = run_jobs(NULL);
	} else if (shape_parse(&s, argv + optind, &bad)) {
		fprintf(stderr, "torture: no such word: %s (the lists are in shape.h)\n", bad);
		c = 2;
	} else {
		shapes = jobs = 1;
		c = run_jobs(&s);
	}
	run_finish();
	return c;
}
