/* walks.h: who walks a stack, and stacks to walk. */
#ifndef TESTS_BENCH_ORIGINS_WALKS_H
#define TESTS_BENCH_ORIGINS_WALKS_H

/* The addresses to return to into to[], the innermost first, at most max; how many. */
typedef int walk_fn(void **to, int max);
walk_fn walk_libgcc, walk_origins;

enum walker { LIBGCC, LIBUNWIND, POINTERS, ORIGINS, WALKERS };

/* walk is NULL where it is not on this machine. */
extern struct walker_of {
	const char *name;
	walk_fn *walk;
} walkers[WALKERS];

#define FRAMES 256

/* leaf(arg), `depth` functions deep, that have frame pointers or have none. */
typedef void leaf_fn(void *arg);
void deep_with(unsigned depth, leaf_fn *leaf, void *arg);
void deep_without(unsigned depth, leaf_fn *leaf, void *arg);

/* How many of the addresses lie in those functions. */
int of_them(void *const *pc, int n);

/* facts.c: before anybody has walked. */
void learn_facts(void);
void show_facts(void);

#endif
