/*
 * clamp.h: what a program is told that asks how many descriptors it may have, so that its loop
 * over all numbers ends soon; and what it means when it sets a limit by that.
 *
 * Pure: no allocation, nothing writable of its own, no system call.
 */
#ifndef FDF_CLAMP_H
#define FDF_CLAMP_H

#include <stdint.h>

#define FDF_CLAMP_LEAST 1024 /* no program is told less, unless its limit is lower */

/* RLIMIT_NOFILE, as prlimit(2) has it on every processor. */
struct fdf_limits {
	uint64_t soft, hard;
};

/*
 * What stands for `real` where `end` is the highest open number + 1: the soft limit is `end` or one
 * more, the hard limit one more than that where the real ones differ, neither above the real one.
 * *told is the highest number that was told so far, 0 at first, and is kept up to date: by it and
 * by its last bit (a number that stands for a soft limit is even, one that stands for a hard one is
 * odd) fdf_clamp_meant() knows what a number stood for.
 */
struct fdf_limits fdf_clamp_tell(struct fdf_limits real, unsigned end, unsigned *told);

/*
 * What a program that was told so much means by `set`: a number that it can have been told means the
 * limit that it stood for, every other number itself.
 */
struct fdf_limits fdf_clamp_meant(struct fdf_limits set, struct fdf_limits real, unsigned told);

/*
 * The highest number of `set` that meant itself, 0 if none did: what a program has set it knows, and
 * is told again when that takes the place of `end`.
 */
unsigned fdf_clamp_known(struct fdf_limits set, struct fdf_limits meant);

#endif
