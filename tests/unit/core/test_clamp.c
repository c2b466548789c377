/*
 * What a program is told of its limit of open files, and what it means when it
 * sets one by that: whatever it read and writes back, nothing is lowered.
 */
#include <criterion/criterion.h>
#include <stdint.h>

#include "preload/core/clamp.h"

static unsigned told;

static void setup(void)
{
	told = 0;
}

TestSuite(clamp, .init = setup);

static void is_told(uint64_t soft, uint64_t hard, unsigned end, uint64_t as_soft, uint64_t as_hard)
{
	struct fdf_limits r = fdf_clamp_tell((struct fdf_limits){ soft, hard }, end, &told);

	cr_assert_eq(r.soft, as_soft, "soft %lu", (unsigned long)r.soft);
	cr_assert_eq(r.hard, as_hard, "hard %lu", (unsigned long)r.hard);
}

static void means(uint64_t soft, uint64_t hard, struct fdf_limits real, uint64_t is_soft,
		  uint64_t is_hard)
{
	struct fdf_limits r = fdf_clamp_meant((struct fdf_limits){ soft, hard }, real, told);

	cr_assert_eq(r.soft, is_soft, "soft %lu", (unsigned long)r.soft);
	cr_assert_eq(r.hard, is_hard, "hard %lu", (unsigned long)r.hard);
}

Test(clamp, at_least_1024_is_told)
{
	is_told(1048576, 1048576, 4, 1024, 1024);
	is_told(1048576, 1048576, 1024, 1024, 1024);
}

Test(clamp, never_more_than_the_limit)
{
	is_told(256, 256, 4, 256, 256);
	is_told(256, 512, 4, 256, 512);
	is_told(1024, 1025, 4, 1024, 1025);
	is_told(100, 200, 5000, 100, 200); /* lowered below what is open */
	cr_assert_eq(told, 0);
	is_told(0, 0, 4, 0, 0);
}

Test(clamp, what_is_open_is_below_it)
{
	is_told(1048576, 1048576, 1025, 1026, 1026);
	is_told(1048576, 1048576, 50001, 50002, 50002);
	is_told(50001, 50001, 50001, 50001, 50001);
	is_told(1048576, 1048576, 2147483584u, 1048576, 1048576);
}

Test(clamp, a_soft_limit_that_is_low_is_told_as_it_is)
{
	is_told(1024, 524288, 4, 1024, 1025);
	is_told(1000, 524288, 4, 1000, 1025);
	is_told(1023, 524288, 4, 1023, 1025);
}

Test(clamp, a_program_that_was_told_nothing_means_what_it_says)
{
	means(1024, 1024, (struct fdf_limits){ 4096, 8192 }, 1024, 1024);
	means(3, 5, (struct fdf_limits){ 4096, 8192 }, 3, 5);
}

/* Each real limit, and each number that may be open: written back it is the same. */
Test(clamp, what_is_written_back_changes_nothing)
{
	static const uint64_t limits[] = { 1,	 256,  1023,  1024,   1025,    1026,
					   1027, 4096, 20000, 524288, 1048576, UINT64_MAX };
	static const unsigned ends[] = { 3, 1024, 1025, 1026, 1027, 4096, 20000, 1048576 };
	enum { LIMITS = sizeof(limits) / sizeof(*limits), ENDS = sizeof(ends) / sizeof(*ends) };

	for (int i = 0; i < LIMITS * LIMITS; i++) {
		struct fdf_limits real = { limits[i / LIMITS], limits[i % LIMITS] };

		told = 0;
		for (int e = 0; e < ENDS && real.soft <= real.hard; e++) {
			struct fdf_limits r = fdf_clamp_tell(real, ends[e], &told);

			cr_assert_leq(r.soft, r.hard);
			cr_assert_leq(r.soft, real.soft);
			means(r.soft, r.hard, real, real.soft, real.hard);
			/* read now, and more is told meanwhile */
			for (int later = e; later < ENDS; later++)
				fdf_clamp_tell(real, ends[later], &told);
			means(r.soft, r.hard, real, real.soft, real.hard);
		}
	}
}

Test(clamp, soft_raised_to_hard_is_raised_to_the_real_one_and_read_back)
{
	struct fdf_limits real = { 1024, 1048576 };

	is_told(real.soft, real.hard, 4, 1024, 1025);
	means(1025, 1025, real, 1048576, 1048576);
	is_told(1048576, 1048576, 4, 1025, 1025);
	means(1025, 1025, (struct fdf_limits){ 1048576, 1048576 }, 1048576, 1048576);
}

Test(clamp, hard_lowered_to_soft_is_lowered_to_the_real_one)
{
	is_told(4096, 1048576, 4, 1024, 1025);
	means(1024, 1024, (struct fdf_limits){ 4096, 1048576 }, 4096, 4096);
}

Test(clamp, a_number_that_was_not_told_means_itself)
{
	struct fdf_limits real = { 4096, 1048576 };

	is_told(real.soft, real.hard, 4, 1024, 1025);
	means(512, 1025, real, 512, 1048576);
	means(0, 0, real, 0, 0);
	means(65536, 65536, real, 65536, 65536);
	means(UINT64_MAX, UINT64_MAX, real, UINT64_MAX, UINT64_MAX);
	means(1026, 2000, real, 1026, 2000);
}

/* The kernel refuses a soft limit above the hard one. */
Test(clamp, what_could_be_set_can_be_set)
{
	struct fdf_limits real = { 4096, 1048576 };

	is_told(real.soft, real.hard, 4, 1024, 1025);
	means(1024, 2000, real, 2000, 2000);
	means(1025, 2000, real, 2000, 2000);
	means(2000, 1024, real, 2000, 4096);
	means(5000, 1024, real, 5000, 4096); /* and what could not cannot */
}

Test(clamp, what_a_program_set_itself_it_knows)
{
	struct fdf_limits real = { 4096, 1048576 }, set = { 2000, 3000 };

	is_told(real.soft, real.hard, 4, 1024, 1025);
	cr_assert_eq(fdf_clamp_known(set, fdf_clamp_meant(set, real, told)), 3000);
	is_told(set.soft, set.hard, 3000, 2000, 3000);
	set = (struct fdf_limits){ 1024, 1025 };
	cr_assert_eq(fdf_clamp_known(set, fdf_clamp_meant(set, real, told)), 0);
	set = (struct fdf_limits){ UINT64_MAX, UINT64_MAX };
	cr_assert_eq(fdf_clamp_known(set, set), 0);
}
