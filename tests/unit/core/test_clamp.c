/* What a program is told of its limit of open files, and what it means when it sets one by that. */
#include "tests/unit/core/clamp_process.h"

Test(clamp, low_limits_are_told_as_they_are)
{
	struct process p = process(1024, 2046);

	is_told(&p, 1024, 2046);
	p = process(0, 3);
	is_told(&p, 0, 3);
	p = process(256, 1023);
	is_told(&p, 256, 1023);
	p = process(1091, 2047); /* which could stand for others */
	is_told(&p, 1091, 2047);
	p.real = (struct fdf_limits){ 20000, 20000 };
	is_told(&p, 1095, 1095);
}

Test(clamp, high_ones_by_little_more_than_1024)
{
	struct process p = process(1048576, 1048576);

	is_told(&p, 1187, 1187);
	p = process(1024, 524288);
	is_told(&p, 1024, 1171);
	p = process(20000, 1048576);
	is_told(&p, 1091, 1187);
	p = process(1u << 30, INT32_MAX);
	is_told(&p, 1347, 1359);
}

Test(clamp, what_is_open_is_below)
{
	struct process p = process(1048576, 1048576);

	p.end = 1025;
	is_told(&p, 2211, 2211);
	p.end = 50001;
	is_told(&p, 65699, 65699);
	p.end = 600000;
	is_told(&p, 1048576, 1048576);
	p = process(50001, 50001);
	p.end = 2147483584u;
	is_told(&p, 50001, 50001);
}

Test(clamp, a_limit_that_no_kernel_allows_is_told_as_it_is)
{
	struct process p = process(4096, UINT64_MAX);

	is_told(&p, 1059, UINT64_MAX);
}

Test(clamp, save_lower_restore)
{
	struct process p = process(20000, 20000);
	struct held o = get(&p), low = { { 256, o.told.hard }, { 256, o.bare.hard } };

	set(&p, low);
	set(&p, o);
	cr_assert_eq(p.real.soft, 20000);
	set(&p, set(&p, low)); /* prlimit(set, &old), and back by old */
	cr_assert_eq(p.real.soft, 20000);
	is_told(&p, o.told.soft, o.told.hard);
}

Test(clamp, saved_by_a_child_restored_by_one_who_never_asked)
{
	struct process shell = process(20000, 1048576), child = shell;
	struct held o = get(&child);

	set(&shell, own(256, 1048576));
	set(&shell, o);
	cr_assert_eq(shell.real.soft, 20000);
}

Test(clamp, soft_above_hard_is_refused)
{
	struct process p = process(20000, 1048576);

	get(&p);
	set(&p, own(2048, 1024));
	set(&p, own(3000, 2999));
	cr_assert(are_equal(p.real, (struct fdf_limits){ 20000, 1048576 }));
}

Test(clamp, own_numbers_are_set_one_after_the_other_and_told_again)
{
	struct process p = process(20000, 1048576);
	struct held h = get(&p);

	p.root = true;
	set(&p, own(4096, 8192));
	is_told(&p, 4096, 8192);
	set(&p, own(2048, 4096));
	is_told(&p, 2048, 4096);
	set(&p, (struct held){ { 4096, h.told.hard }, { 4096, h.bare.hard } });
	is_told(&p, 4096, 8355);
	set(&p, own(FEW, 20000));
	is_told(&p, FEW, 20000);
}

Test(clamp, an_own_number_never_comes_to_stand_for_a_limit)
{
	struct process p = process(512, 2000);

	p.root = true;
	set(&p, own(512, 1187));
	p.real = p.bare = (struct fdf_limits){ 1048576, 1048576 };
	is_told(&p, 1191, 1191);
	set(&p, own(1187, 1187));
}

Test(clamp, soft_raised_to_hard_and_hard_lowered_to_soft)
{
	struct process p = process(20000, 1048576);
	struct held h = get(&p);

	set(&p, (struct held){ { h.told.hard, h.told.hard }, { h.bare.hard, h.bare.hard } });
	is_told(&p, h.told.hard, h.told.hard);
	set(&p, (struct held){ { h.told.soft, h.told.soft }, { h.bare.soft, h.bare.soft } });
	is_told(&p, h.told.soft, h.told.soft);
}

Test(clamp, another_program_tells_the_same_limit_as_the_same_number)
{
	struct process a = process(20000, 1048576), b = process(1048576, 1048576);

	cr_assert_eq(get(&a).told.hard, get(&b).told.hard);
	b = process(256, 20000);
	cr_assert_eq(get(&a).told.soft, get(&b).told.hard);
}
