/* stacks: see walks.h: sixty functions with frames of several sizes, twice. */
#include "tests/bench/origins/walks.h"

typedef int level_fn(unsigned left, leaf_fn *leaf, void *arg);
static level_fn *const with[], *const without[];

#define LEVEL(set, flag, t, u)                                                                \
	static __attribute__((noinline, section("levels"), optimize(flag))) int set##_##t##u( \
		unsigned left, leaf_fn *leaf, void *arg)                                      \
	{                                                                                     \
		volatile char room[24 + u * 16];                                              \
                                                                                              \
		room[u] = 1;                                                                  \
		if (left)                                                                     \
			set[left % 60](left - 1, leaf, arg);                                  \
		else                                                                          \
			leaf(arg);                                                            \
		return room[u];                                                               \
	}
#define TEN(set, flag, t)      \
	LEVEL(set, flag, t, 0) \
	LEVEL(set, flag, t, 1) \
	LEVEL(set, flag, t, 2) \
	LEVEL(set, flag, t, 3) \
	LEVEL(set, flag, t, 4) \
	LEVEL(set, flag, t, 5) \
	LEVEL(set, flag, t, 6) LEVEL(set, flag, t, 7) LEVEL(set, flag, t, 8) LEVEL(set, flag, t, 9)
#define SIXTY(set, flag)  \
	TEN(set, flag, 0) \
	TEN(set, flag, 1) TEN(set, flag, 2) TEN(set, flag, 3) TEN(set, flag, 4) TEN(set, flag, 5)
#define NAMES(set, t)                                                                       \
	set##_##t##0, set##_##t##1, set##_##t##2, set##_##t##3, set##_##t##4, set##_##t##5, \
		set##_##t##6, set##_##t##7, set##_##t##8, set##_##t##9
#define ALL(set)                                                                           \
	{                                                                                  \
		NAMES(set, 0), NAMES(set, 1), NAMES(set, 2), NAMES(set, 3), NAMES(set, 4), \
			NAMES(set, 5)                                                      \
	}

SIXTY(with, "no-omit-frame-pointer")
SIXTY(without, "omit-frame-pointer")
static level_fn *const with[] = ALL(with);
static level_fn *const without[] = ALL(without);

void deep_with(unsigned depth, leaf_fn *leaf, void *arg)
{
	with[depth % 60](depth - 1, leaf, arg);
}

void deep_without(unsigned depth, leaf_fn *leaf, void *arg)
{
	without[depth % 60](depth - 1, leaf, arg);
}

extern const char __start_levels[], __stop_levels[]; /* by the linker */

int of_them(void *const *pc, int n)
{
	int theirs = 0;

	for (int i = 0; i < n; i++)
		theirs += (const char *)pc[i] > __start_levels &&
			  (const char *)pc[i] <= __stop_levels;
	return theirs;
}
