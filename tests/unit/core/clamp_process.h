/*
 * clamp_process.h: a process twice, on a kernel of its own each: below the clamp, and with its
 * limits as they are.  Limits and errors have to be the same after each step.
 */
#ifndef CLAMP_PROCESS_H
#define CLAMP_PROCESS_H

#include <criterion/criterion.h>
#include <errno.h>
#include <stdint.h>

#include "preload/core/clamp.h"

#define NR_OPEN (1u << 20)
#define FEW	3 /* the highest open number + 1 */

static inline bool are_equal(struct fdf_limits a, struct fdf_limits b)
{
	return a.soft == b.soft && a.hard == b.hard;
}

/* What prlimit(2) does. */
static inline int kernel_set(struct fdf_limits *limits, struct fdf_limits set, bool root)
{
	if (set.soft > set.hard)
		return EINVAL;
	if (set.hard > NR_OPEN || (set.hard > limits->hard && !root))
		return EPERM;
	*limits = set;
	return 0;
}

/* A process below the clamp, and the same without it. */
struct process {
	struct fdf_clamp clamp;
	struct fdf_limits real, bare;
	unsigned end;
	bool root;
};

/* What a program holds: numbers that it was told, and what it would hold without the clamp. */
struct held {
	struct fdf_limits told, bare;
};

static inline struct process process(uint64_t soft, uint64_t hard)
{
	return (struct process){ .real = { soft, hard }, .bare = { soft, hard }, .end = FEW };
}

static inline struct held get(struct process *p)
{
	return (struct held){ fdf_clamp_tell(&p->clamp, p->real, p->end), p->bare };
}

/* As preload/entry/limit.c; what prlimit() would answer as the old limits. */
static inline struct held set(struct process *p, struct held to)
{
	struct held old = get(p);
	int error, without;

	fdf_clamp_own(&p->clamp, to.told);
	error = kernel_set(&p->real, fdf_clamp_meant(&p->clamp, to.told), p->root);
	without = kernel_set(&p->bare, to.bare, p->root);
	cr_assert_eq(error, without, "%s, without the clamp %s", strerror(error),
		     strerror(without));
	cr_assert(are_equal(p->real, p->bare), "limits %lu/%lu, without the clamp %lu/%lu",
		  (unsigned long)p->real.soft, (unsigned long)p->real.hard,
		  (unsigned long)p->bare.soft, (unsigned long)p->bare.hard);
	return old;
}

static inline struct held own(uint64_t soft, uint64_t hard)
{
	return (struct held){ { soft, hard }, { soft, hard } };
}

static inline void is_told(struct process *p, uint64_t soft, uint64_t hard)
{
	struct fdf_limits r = get(p).told;

	cr_assert_eq(r.soft, soft, "soft %lu", (unsigned long)r.soft);
	cr_assert_eq(r.hard, hard, "hard %lu", (unsigned long)r.hard);
}

#endif
