/* clamp.c: see clamp.h. */
#include <limits.h>
#include <stdbool.h>

#include "preload/core/clamp.h"

static uint64_t smaller(uint64_t a, uint64_t b)
{
	return a < b ? a : b;
}

/*
 * Where soft and hard limit are the same they are told as the same.  As an odd number, once a hard
 * limit was told apart: a program that raised its soft limit to that finds what it has set.
 */
struct fdf_limits fdf_clamp_tell(struct fdf_limits real, unsigned end, unsigned *told)
{
	uint64_t even = end < FDF_CLAMP_LEAST ? FDF_CLAMP_LEAST : (uint64_t)end + end % 2;
	bool same = real.soft == real.hard;
	uint64_t hard = smaller(real.hard, even + (!same || *told % 2));
	struct fdf_limits r = { same ? hard : smaller(real.soft, even), hard };

	if (hard < real.hard && hard > *told)
		*told = (unsigned)hard;
	return r;
}

static uint64_t meant(uint64_t n, struct fdf_limits real, unsigned told)
{
	uint64_t stands_for = n % 2 ? real.hard : real.soft;
	bool was_told = n >= FDF_CLAMP_LEAST && n <= told;

	return was_told && n < stands_for ? stands_for : n;
}

struct fdf_limits fdf_clamp_meant(struct fdf_limits set, struct fdf_limits real, unsigned told)
{
	/* a soft limit that is low was told as it is, odd or even */
	struct fdf_limits r = { set.soft == real.soft ? set.soft : meant(set.soft, real, told),
				meant(set.hard, real, told) };

	if (set.soft <= set.hard && r.soft > r.hard)
		r.soft = r.hard; /* one means itself and the other does not: no reason to refuse */
	return r;
}

static unsigned known(uint64_t set, uint64_t meant)
{
	return set == meant && set <= INT_MAX ? (unsigned)set : 0;
}

unsigned fdf_clamp_known(struct fdf_limits set, struct fdf_limits meant)
{
	unsigned soft = known(set.soft, meant.soft), hard = known(set.hard, meant.hard);

	return soft > hard ? soft : hard;
}
