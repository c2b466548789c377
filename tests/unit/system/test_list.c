/*
 * The text of /etc/ld.so.preload: what is ours goes, what others wrote stays.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "tools/system/list.h"

#define OURS "/usr/lib/fdfence/libfdfence.so"

static const char *without(const char *text)
{
	static char out[512];

	out[list_without(text, strlen(text), out)] = '\0';
	return out;
}

static const char *with(const char *text)
{
	static char out[512];

	out[list_with(text, strlen(text), OURS, out)] = '\0';
	return out;
}

static const char *own(const char *text)
{
	static char out[512];
	size_t n;
	const char *name = list_own(text, strlen(text), &n);

	return name ? strncpy(memset(out, 0, sizeof(out)), name, n) : NULL;
}

Test(list, a_name_of_ours_is_known_by_its_file)
{
	cr_assert_str_eq(own(OURS), OURS);
	cr_assert_str_eq(own("/a.so:" OURS ".1\t/b.so"), OURS ".1");
	cr_assert_str_eq(own("libfdfence.so"), "libfdfence.so");
	cr_assert_str_eq(own("/b.so libfdfence.so.1.2"), "libfdfence.so.1.2");
	cr_assert_str_eq(own("/usr/$LIB/fdfence/libfdfence.so"), "/usr/$LIB/fdfence/libfdfence.so");
}

Test(list, what_only_looks_like_it_is_not)
{
	cr_assert_null(own(""));
	cr_assert_null(own("/usr/lib/libfdfence-origins.so"));
	cr_assert_null(own("/libfdfence.so/other.so"));
	cr_assert_null(own("/usr/lib/mylibfdfence.so"));
	cr_assert_null(own("/opt/other/libfdfence.so.bak"));
	cr_assert_null(own("/opt/other/libfdfence.so.1.old"));
	cr_assert_null(own("/opt/other/libfdfence.so2"));
	cr_assert_null(own("# " OURS "\n/a.so # " OURS));
}

Test(list, without_ours_every_other_byte_stays)
{
	cr_assert_str_eq(without("/a.so\n" OURS "\n/b.so"), "/a.so\n/b.so");
	cr_assert_str_eq(without("/a.so " OURS ":/b.so\n"), "/a.so :/b.so\n");
	cr_assert_str_eq(without("\n\n" OURS " # why\n"), "\n\n # why\n");
	cr_assert_str_eq(without("# " OURS "\n"), "# " OURS "\n");
	cr_assert_str_eq(without(" " OURS "\t" OURS ".1 "), "");
	cr_assert_str_eq(without("/a.so"), "/a.so");
	cr_assert_str_eq(without("/opt/libfdfence.so.bak " OURS "\n"), "/opt/libfdfence.so.bak \n");
}

Test(list, with_ours_it_stands_behind_the_rest_on_a_line)
{
	cr_assert_str_eq(with(""), OURS "\n");
	cr_assert_str_eq(with("/a.so"), "/a.so\n" OURS "\n");
	cr_assert_str_eq(with("/a.so\n"), "/a.so\n" OURS "\n");
	cr_assert_str_eq(with("# none\n"), "# none\n" OURS "\n");
}

Test(list, one_that_is_there_stays_where_it_is)
{
	cr_assert_str_eq(with(OURS " /a.so"), OURS " /a.so");
}

Test(list, another_one_of_ours_is_replaced)
{
	cr_assert_str_eq(with("/old/libfdfence.so /a.so\n"), " /a.so\n" OURS "\n");
	cr_assert_str_eq(with(OURS "\n" OURS "\n"), OURS "\n");
	cr_assert_str_eq(with(OURS " /old/libfdfence.so"), OURS "\n");
}
