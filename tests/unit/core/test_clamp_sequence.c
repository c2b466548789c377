/* After any sequence of what programs do with limits, they are what they would be without the clamp. */
#include <pthread.h>

#include "tests/unit/core/clamp_process.h"

static uint64_t places(uint64_t n)
{
	uint64_t p = 1024;

	while (p < n)
		p *= 2;
	return p;
}

/* What may be said of one limit. */
static void is_fine(uint64_t told, uint64_t real, uint64_t least)
{
	cr_assert_leq(told, real);
	cr_assert(told == real || (told >= least && told < 2 * places(least)),
		  "%lu for %lu, at least %lu", (unsigned long)told, (unsigned long)real,
		  (unsigned long)least);
}

static struct held get_fine(struct process *p)
{
	struct held h = get(p);
	struct fdf_limits t = h.told;

	is_fine(t.soft, p->real.soft, p->end);
	if (p->real.hard != p->real.soft)
		is_fine(t.hard, p->real.hard, p->end > t.soft ? p->end : t.soft + 1);
	cr_assert_leq(t.soft, t.hard);
	cr_assert_eq(t.soft == t.hard, p->real.soft == p->real.hard);
	cr_assert(are_equal(fdf_clamp_meant(&p->clamp, t), p->real), "%lu/%lu are not %lu/%lu",
		  (unsigned long)t.soft, (unsigned long)t.hard, (unsigned long)p->real.soft,
		  (unsigned long)p->real.hard);
	return h;
}

/* Numbers that programs choose. */
static uint64_t chosen(uint64_t random, const struct held *held)
{
	static const uint64_t usual[] = { 0,	  256,	  1000,	   1023,      1024,  1025,
					  2000,	  2048,	  4096,	   10000,     20000, 65535,
					  524288, 999999, NR_OPEN, UINT64_MAX };
	enum { USUAL = sizeof(usual) / sizeof(*usual) };
	uint64_t n = random >> 8;

	switch (random % 4) {
	case 0:
		return n % (NR_OPEN + 2);
	case 1: /* made of what it was told */
		return n % 3 == 0   ? held->told.soft + 1
		       : n % 3 == 1 ? held->told.hard - 1
				    : 2 * held->told.soft;
	default:
		return usual[n % USUAL];
	}
}

static uint64_t seed;

static uint64_t below(uint64_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (seed >> 11) % n;
}

/* One number to be set: *told, and what it would be without the clamp. */
static uint64_t any_number(const struct process *p, const struct held *held, int n, uint64_t *told)
{
	const struct held *from = &held[below((uint64_t)n)];
	bool hard = below(2);
	struct fdf_limits it;

	if (below(3)) {
		*told = hard ? from->told.hard : from->told.soft;
		return hard ? from->bare.hard : from->bare.soft;
	}
	*told = chosen(below(UINT32_MAX), from);
	it = fdf_clamp_meant(&p->clamp, (struct fdf_limits){ *told, 0 });
	return it
		.soft; /* a number that was told stands for that, whoever chose it (clamped-lower) */
}

static void any_sequence(int steps)
{
	enum { HELD = 8 };
	struct process p = process(1 + below(1 << below(21)), 0);
	struct held held[HELD];
	int n = 1;

	p.real.hard = p.bare.hard = p.real.soft + below(NR_OPEN + 1 - p.real.soft);
	p.root = below(2);
	held[0] = get(&p);
	for (int i = 0; i < steps; i++) {
		struct held to, r;

		switch (below(8)) {
		case 0:
			p.end = (unsigned)(1 + below(1 << below(21)));
			continue;
		case 1: /* by another process; own numbers of no candidate */
			p.real.soft = p.bare.soft = 4 * below(NR_OPEN / 4);
			p.real.hard = p.bare.hard = NR_OPEN;
			continue;
		case 2:
		case 3:
			r = get_fine(&p);
			break;
		default:
			get(&p); /* a number that would be told now stands for that, too */
			to.bare.soft = any_number(&p, held, n, &to.told.soft);
			to.bare.hard = any_number(&p, held, n, &to.told.hard);
			r = set(&p, to);
		}
		held[n < HELD ? n++ : (int)below(HELD)] = r;
	}
}

Test(clamp_sequence, after_any_sequence_limits_are_what_they_would_be)
{
	for (uint64_t i = 1; i <= 20000; i++) {
		seed = i * 0x9e3779b97f4a7c15;
		any_sequence(24);
	}
}

/* So long that there is no room for more numbers: then limits are told as they are. */
Test(clamp_sequence, without_room_too)
{
	struct process p = process(4096, NR_OPEN);
	struct held first = get(&p);

	for (uint64_t n = 5000; n < 5000 + 2 * FDF_CLAMP_ROOM; n++)
		set(&p, (struct held){ { n, first.told.hard }, { n, NR_OPEN } });
	is_told(&p, 5000 + 2 * FDF_CLAMP_ROOM - 1, 8355);
	set(&p, first);
	is_told(&p, first.told.soft, first.told.hard);
	p.real = p.bare = (struct fdf_limits){ 500000, NR_OPEN };
	is_told(&p, 500000, NR_OPEN);
	for (uint64_t i = 1; i <= 200; i++) {
		seed = i;
		any_sequence(1000);
	}
}

/* All that seven steps of the usual can do. */
static void each_sequence(const struct process *before, struct held o, int steps)
{
	for (int kind = 0; kind < 8 && steps; kind++) {
		struct process p = *before;
		struct held to = get(&p), next = o;

		switch (kind) {
		case 0:
			next = to;
			break;
		case 1:
			to = o;
			break;
		case 2:
			to.told.soft = to.bare.soft = 256;
			break;
		case 3:
			to.told.soft = to.told.hard;
			to.bare.soft = to.bare.hard;
			break;
		case 4:
			to.told.hard = to.told.soft;
			to.bare.hard = to.bare.soft;
			break;
		case 5:
			to.told.soft = to.bare.soft = 4096;
			break;
		case 6:
			to = own(3000, 5000);
			break;
		default:
			p.end = 3000;
		}
		if (kind > 0 && kind < 7)
			set(&p, to);
		get_fine(&p);
		each_sequence(&p, next, steps - 1);
	}
}

Test(clamp_sequence, after_each_sequence_of_the_usual)
{
	struct process p = process(20000, NR_OPEN);

	each_sequence(&p, get(&p), 5);
	p = process(8192, 20000);
	each_sequence(&p, get(&p), 5);
	p.root = true;
	each_sequence(&p, get(&p), 5);
}

/* Threads that are told other limits at once: no number stands for two. */
static struct fdf_clamp shared;

static void *teller(void *arg)
{
	uint64_t state = (uintptr_t)arg;

	for (int i = 0; i < 12; i++) {
		struct fdf_limits real, told;

		state = state * 6364136223846793005 + 1442695040888963407;
		real.soft = 4096 + (state >> 60); /* all of one size: they want the same numbers */
		real.hard = real.soft;
		told = fdf_clamp_tell(&shared, real, FEW);
		if (!are_equal(fdf_clamp_meant(&shared, told), real))
			return "it stands for another";
	}
	return NULL;
}

Test(clamp_sequence, threads_at_once)
{
	enum { THREADS = 4 };

	for (uintptr_t round = 0; round < 500; round++) {
		pthread_t t[THREADS];

		memset(&shared, 0, sizeof(shared));
		for (uintptr_t i = 0; i < THREADS; i++)
			pthread_create(&t[i], NULL, teller, (void *)(round * THREADS + i));
		for (int i = 0; i < THREADS; i++) {
			void *bad;

			pthread_join(t[i], &bad);
			cr_assert_null(bad);
		}
	}
}
