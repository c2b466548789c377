/*
 * Lists of descriptor numbers, as the setting `keep` and a rule's fd= take them.
 */
#include <criterion/criterion.h>
#include <limits.h>

#include "preload/core/rules.h"

static struct fdf_error err;

static bool well_formed(const char *ranges)
{
	return fdf_ranges_check(fdf_str(ranges), &err);
}

Test(ranges, well_formed_lists_are_taken)
{
	cr_assert(well_formed("0"));
	cr_assert(well_formed("3,5-7,10-"));
	cr_assert(well_formed("10-,3"));
	cr_assert(well_formed("7-7"));
	cr_assert(well_formed("2147483647"));
}

Test(ranges, malformed_lists_are_refused_where_they_break)
{
	static const struct {
		const char *text;
		size_t pos;
	} bad[] = {
		{ "", 0 },
		{ "x", 0 },
		{ "-3", 0 },
		{ "3,", 2 },
		{ ",3", 0 },
		{ "3,,4", 2 },
		{ "3 4", 1 },
		{ "1,7-5", 2 },
		{ "3-4-5", 3 },
		{ "3-x", 0 },
		{ "2147483648", 0 },
		{ "0-2147483648", 0 },
		{ "99999999999999999999", 0 },
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		cr_assert_not(well_formed(bad[i].text), "%s", bad[i].text);
		cr_assert_eq(err.pos, bad[i].pos, "%s: %zu", bad[i].text, err.pos);
		cr_assert_not_null(err.expected);
	}
}

Test(ranges, membership)
{
	struct fdf_str r = fdf_str("3,5-7,10-");

	for (int fd = 0; fd < 12; fd++)
		cr_assert_eq(fdf_ranges_have(r, fd), fd == 3 || (fd >= 5 && fd <= 7) || fd >= 10,
			     "%d", fd);
	cr_assert(fdf_ranges_have(r, INT_MAX));
	cr_assert_not(fdf_ranges_have(r, -1));
}

Test(ranges, the_empty_list_has_nothing)
{
	cr_assert_not(fdf_ranges_have((struct fdf_str){ NULL, 0 }, 3));
	cr_assert_eq(fdf_ranges_last((struct fdf_str){ NULL, 0 }), -1);
	cr_assert_eq(fdf_ranges_next((struct fdf_str){ NULL, 0 }, 0), -1);
}

Test(ranges, the_last_number)
{
	cr_assert_eq(fdf_ranges_last(fdf_str("9,3-4")), 9);
	cr_assert_eq(fdf_ranges_last(fdf_str("3,5-")), INT_MAX);
}

Test(ranges, the_next_number)
{
	struct fdf_str r = fdf_str("20-30,7,3-5");

	cr_assert_eq(fdf_ranges_next(r, 0), 3);
	cr_assert_eq(fdf_ranges_next(r, 4), 4);
	cr_assert_eq(fdf_ranges_next(r, 6), 7);
	cr_assert_eq(fdf_ranges_next(r, 8), 20);
	cr_assert_eq(fdf_ranges_next(r, 31), -1);
	cr_assert_eq(fdf_ranges_next(fdf_str("3-"), INT_MAX), INT_MAX);
}
