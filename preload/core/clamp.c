/* clamp.c: see clamp.h. */
#include <limits.h>
#include <stdbool.h>

#include "preload/core/clamp.h"

/*
 * Numbers that stand for a limit lie FIRST and multiples of STEP above a power of two: so they are
 * no numbers that people choose (1024, 1025, 4095, 5000).  Above 1,024 in any case: a program
 * that needs at most that many, for select(), sees that its limit is higher and lowers it.
 */
#define FIRST 3
#define STEP  4

static bool is_candidate(uint64_t n)
{
	return n % STEP == FIRST;
}

/* The least power of two that is not below n. */
static uint64_t places(uint64_t n)
{
	uint64_t p = FDF_CLAMP_LEAST;

	while (p < n)
		p *= 2;
	return p;
}

/*
 * It tells of the limit how large it is, to a quarter of a power of two: in other programs of the
 * tree the same limit is told as the same number, and another one, nearly always, as another.
 */
static uint64_t candidate(uint64_t limit, uint64_t end)
{
	unsigned log = 63 - (unsigned)__builtin_clzll(limit);
	uint64_t size = 4 * (log - 10) + (limit >> (log - 2)) % 4; /* 0: that of 1,024 */

	return places(end) + FIRST + STEP * size;
}

/* False if the number stands for another limit, or there is no room. */
static bool note(struct fdf_clamp *c, uint64_t number, uint64_t limit)
{
	for (int i = 0; i < FDF_CLAMP_ROOM; i++) {
		uint32_t was = 0;

		if (__atomic_compare_exchange_n(&c->stands[i].number, &was, (uint32_t)number, false,
						__ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
			__atomic_store_n(&c->stands[i].limit, (uint32_t)limit, __ATOMIC_RELEASE);
			return true;
		}
		if (was == number)
			return __atomic_load_n(&c->stands[i].limit, __ATOMIC_ACQUIRE) == limit;
	}
	return false;
}

static bool has_room(const struct fdf_clamp *c)
{
	return !__atomic_load_n(&c->stands[FDF_CLAMP_ROOM - 1].number, __ATOMIC_RELAXED);
}

/* What entry i tells; false if it is free.  limit 0: nobody was told yet. */
static bool entry(const struct fdf_clamp *c, int i, uint64_t *number, uint64_t *limit)
{
	if (i == FDF_CLAMP_ROOM)
		return false;
	*number = __atomic_load_n(&c->stands[i].number, __ATOMIC_ACQUIRE);
	*limit = __atomic_load_n(&c->stands[i].limit, __ATOMIC_ACQUIRE);
	return *number;
}

/*
 * The limit itself if the program has named it; else the least number from `end` on, but not far
 * above, that stands for it; 0: none does.
 */
static uint64_t noted(const struct fdf_clamp *c, uint64_t limit, uint64_t end)
{
	uint64_t bound = 2 * places(end), least = bound, number, stands_for;

	for (int i = 0; entry(c, i, &number, &stands_for); i++) {
		if (stands_for == limit && number == limit)
			return limit;
		if (stands_for == limit && number >= end && number < least)
			least = number;
	}
	return least < bound ? least : 0;
}

/* For one limit, by more than `above`, which is less. */
static uint64_t tell(struct fdf_clamp *c, uint64_t limit, uint64_t end, uint64_t above)
{
	uint64_t n;

	if (limit < FDF_CLAMP_LEAST || limit > INT_MAX)
		return limit;
	n = noted(c, limit, end > above ? end : above + 1);
	if (n > above)
		return n;
	if (candidate(limit, end) <= above)
		end = above + 1;
	/* a number that could come to stand for another limit is kept from that */
	if (limit > above && limit < 2 * places(end) &&
	    (!is_candidate(limit) || note(c, limit, limit)))
		return limit;
	for (n = candidate(limit, end); has_room(c); n += STEP)
		if (note(c, n, limit))
			return n;
	return limit;
}

struct fdf_limits fdf_clamp_tell(struct fdf_clamp *c, struct fdf_limits real, unsigned end)
{
	struct fdf_limits r;

	r.soft = tell(c, real.soft, end, 0);
	r.hard = real.hard == real.soft ? r.soft : tell(c, real.hard, end, r.soft);
	return r;
}

static uint64_t meant(const struct fdf_clamp *c, uint64_t n)
{
	uint64_t number, limit;

	for (int i = 0; entry(c, i, &number, &limit); i++)
		if (number == n && limit)
			return limit;
	return n;
}

struct fdf_limits fdf_clamp_meant(const struct fdf_clamp *c, struct fdf_limits set)
{
	return (struct fdf_limits){ meant(c, set.soft), meant(c, set.hard) };
}

static void own(struct fdf_clamp *c, uint64_t n)
{
	if (n >= FDF_CLAMP_LEAST && n <= INT_MAX)
		note(c, n, n);
}

void fdf_clamp_own(struct fdf_clamp *c, struct fdf_limits set)
{
	own(c, set.soft);
	own(c, set.hard);
}
