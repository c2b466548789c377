/*
 * programs.h: who started what: the tree of programs below which leaks came about.
 *
 * A process is known by its execs: the program that runs is the one that its last exec went into,
 * or, in a child that has not executed anything yet, its parent's.  Children of one program that
 * went into the same one are one branch, and counted.
 */
#ifndef FDF_PROGRAMS_H
#define FDF_PROGRAMS_H

#include "tools/report/causes.h"

#define PROGRAMS_MAX	10000 /* branches and leaks on them; what comes after is only counted */
#define PROGRAMS_PLACES 32768 /* of each hash table: more than there can be, and a power of two */

struct program {
	struct program *parent; /* NULL: nobody was seen that started it */
	char *path;
	uint64_t hash;			     /* of its path and those above it */
	unsigned long execs;		     /* into it; 0: it only started others */
	struct program *child, *last, *next; /* in the order in which they were seen */
	struct program_leak *leaks;	     /* what it got; newest first */
};

struct program_leak {
	const struct program *of;
	struct cause *cause;
	unsigned long times;
	struct program_leak *next;
};

struct programs {
	struct program root; /* its children are those that nobody was seen to start */
	struct program *places[PROGRAMS_PLACES];
	struct program_leak *leak_places[PROGRAMS_PLACES];
	size_t n;
	unsigned long lost; /* execs and leaks beyond PROGRAMS_MAX */
};

/* The branch of path below parent (NULL: the root), new or known; NULL: PROGRAMS_MAX is reached. */
struct program *programs_get(struct programs *all, struct program *parent, const char *path);

/*
 * One more exec of exe into path.  own (NULL: not known): what the process ran before, as far as it
 * was seen; parents: what its parent runs.  The branch that it runs now; NULL: PROGRAMS_MAX is reached.
 */
struct program *programs_exec(struct programs *all, struct program *own, struct program *parents,
			      const char *exe, const char *into);

/* n more leaks (fewer, if it is negative) of one cause into it. */
void programs_leak(struct programs *all, struct program *p, struct cause *c, long n);

void programs_free(struct programs *all);

#endif
