/*
 * clamp.h: what a program is told that asks how many descriptors it may have, so that its loop
 * over all numbers ends soon; and what it means when it sets a limit by what it was told.
 *
 * A limit that is far above what is open is told as a number that stands for it.  That is noted,
 * and never changes: handed back, now or later, alone or beside another, the number means the limit
 * that it was told for.  A number of the program's own means itself and is told as itself.  So the
 * limits in force are at any time those which they would be without the clamp.
 *
 * What is noted is only added to: threads, signal handlers and vfork children may do so at once, and
 * a forked child has a copy.  Once there is no room more, limits without a number are told as they are.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_CLAMP_H
#define FDF_CLAMP_H

#include <stdint.h>

#define FDF_CLAMP_LEAST 1024 /* numbers below are told and meant as they are */
#define FDF_CLAMP_ROOM	64

/* RLIMIT_NOFILE, as prlimit(2) has it on every processor. */
struct fdf_limits {
	uint64_t soft, hard;
};

/* What was told, and the program's own numbers; all zero at first. */
struct fdf_clamp {
	struct {
		uint32_t number; /* atomic; 0: free, and so are all behind it */
		uint32_t limit;	 /* atomic; 0: just being noted */
	} stands[FDF_CLAMP_ROOM];
};

/*
 * What is told for the limits `real` where `end` is the highest open number + 1.  One that is less
 * than twice the next power of two from `end` and FDF_CLAMP_LEAST on is told as it is, another by a
 * number a little above that power.  The two are the same if the real ones are, else the hard one is
 * higher.
 */
struct fdf_limits fdf_clamp_tell(struct fdf_clamp *c, struct fdf_limits real, unsigned end);

/* What a program means by `set`: the limits that its numbers stand for, or the numbers themselves. */
struct fdf_limits fdf_clamp_meant(const struct fdf_clamp *c, struct fdf_limits set);

/* The numbers of `set` that stand for nothing are the program's own from now on. */
void fdf_clamp_own(struct fdf_clamp *c, struct fdf_limits set);

#endif
