/*
 * walks: unwinders side by side, from the same places of the same stacks; prints tables in Markdown.
 *
 *	walks ROUNDS
 *
 * libgcc's _Unwind_Backtrace() and stack_take() as libfdfence-origins.so has them, libunwind's
 * unw_backtrace() with its cache for each thread, and frame pointers.
 */
#include <alloca.h>
#include <dlfcn.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bench/origins/walks.h"

#define CALLS	   500
#define ROUNDS_MAX 200

static uintptr_t stack_end;

static __attribute__((noinline)) int walk_pointers(void **to, int max)
{
	uintptr_t *frame = __builtin_frame_address(0), *below = frame - 1;
	int n = 0;

	while (n < max && frame > below && (uintptr_t)frame < stack_end - 16 &&
	       !((uintptr_t)frame & 7) && frame[1]) {
		to[n++] = (void *)frame[1];
		below = frame;
		frame = (uintptr_t *)frame[0];
	}
	return n;
}

struct walker_of walkers[WALKERS] = {
	[LIBGCC] = { "libgcc", walk_libgcc },
	[LIBUNWIND] = { "libunwind", NULL },
	[POINTERS] = { "frame pointers", walk_pointers },
	[ORIGINS] = { "`--origins`", walk_origins },
};

static const struct row {
	enum walker who;
	bool moves; /* another place of the stack each time */
	const char *how;
} rows[] = {
	{ LIBGCC, true, "" },
	{ LIBUNWIND, true, ", its cache filled" },
	{ POINTERS, true, ", where all functions have them" },
	{ ORIGINS, true, ", at another place of the stack each time" },
	{ ORIGINS, false, ", at the same place each time" },
};
static const unsigned depths[] = { 5, 20, 60 };

#define ROWS   (sizeof(rows) / sizeof(rows[0]))
#define DEPTHS (sizeof(depths) / sizeof(depths[0]))

static double took[ROWS][DEPTHS][ROUNDS_MAX], ratio[ROWS][DEPTHS][ROUNDS_MAX];

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static __attribute__((noinline)) int once(walk_fn *walk, size_t room)
{
	void *to[FRAMES];
	volatile char *pad = alloca(room + 1);

	pad[room] = 1;
	return walk(to, FRAMES) + pad[room];
}

struct timed {
	const struct row *row;
	double ns;
};

static void time_it(void *arg)
{
	struct timed *t = arg;
	walk_fn *walk = walkers[t->row->who].walk;
	double start = 0;

	for (int i = -64; i < CALLS; i++) { /* caches fill first */
		if (i == 0)
			start = now_ns();
		once(walk, t->row->moves ? (size_t)(i & 7) * 64 : 0);
	}
	t->ns = (now_ns() - start) / CALLS;
}

static void measure(unsigned rounds)
{
	for (unsigned r = 0; r < rounds; r++)
		for (unsigned d = 0; d < DEPTHS; d++) {
			for (unsigned i = 0; i < ROWS; i++) {
				unsigned k = (i + r) % ROWS;
				struct timed t = { &rows[k], 0 };

				if (walkers[rows[k].who].walk)
					deep_with(depths[d], time_it, &t);
				took[k][d][r] = t.ns;
			}
			for (unsigned k = 0; k < ROWS; k++)
				ratio[k][d][r] = took[k][d][r] / took[0][d][r];
		}
}

static int by_size(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *v, unsigned n)
{
	qsort(v, n, sizeof(*v), by_size);
	return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

static void show_times(unsigned rounds)
{
	printf("| | 5 deep, ns | 20 deep | 60 deep | rounds |\n|---|---:|---:|---:|---:|\n");
	for (unsigned k = 0; k < ROWS; k++) {
		if (!walkers[rows[k].who].walk)
			continue;
		printf("| %s%s |", walkers[rows[k].who].name, rows[k].how);
		for (unsigned d = 0; d < DEPTHS; d++)
			printf(" %.0f, %.2fx |", median(took[k][d], rounds),
			       median(ratio[k][d], rounds));
		printf(" %u |\n", rounds);
	}
}

static void find(void)
{
	void *library = dlopen("libunwind.so.8", RTLD_NOW), *stack;
	pthread_attr_t a;
	size_t size;

	if (library)
		walkers[LIBUNWIND].walk = (walk_fn *)dlsym(library, "unw_backtrace");
	if (!pthread_getattr_np(pthread_self(), &a) && !pthread_attr_getstack(&a, &stack, &size))
		stack_end = (uintptr_t)stack + size;
}

int main(int argc, char **argv)
{
	long rounds = argc > 1 ? atol(argv[1]) : 15;

	find();
	learn_facts();
	rounds = rounds < 1 ? 1 : rounds > ROUNDS_MAX ? ROUNDS_MAX : rounds;
	measure((unsigned)rounds);
	show_times((unsigned)rounds);
	printf("\n");
	show_facts();
	return 0;
}
