/*
 * Patterns: what they match.  docs/rules.md describes them.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "preload/core/glob.h"
#include "preload/core/rules.h"

static bool glob(const char *g, const char *t)
{
	return fdf_glob(fdf_str(g), fdf_str(t));
}

Test(glob, plain_text_matches_itself)
{
	cr_assert(glob("/etc/passwd", "/etc/passwd"));
	cr_assert_not(glob("/etc/passwd", "/etc/passwd-"));
	cr_assert_not(glob("/etc/passwd", "/etc/passw"));
}

Test(glob, the_empty_pattern_matches_the_empty_text)
{
	cr_assert(glob("", ""));
	cr_assert_not(glob("", "a"));
}

Test(glob, a_star_of_a_path_stays_in_its_component)
{
	cr_assert(glob("/a/*", "/a/b"));
	cr_assert(glob("/a/*", "/a/"));
	cr_assert_not(glob("/a/*", "/a/b/c"));
	cr_assert(glob("/a/*/c", "/a/b/c"));
	cr_assert_not(glob("/a/*/d", "/a/b/c/d"));
	cr_assert_not(glob("/a/b*d", "/a/b/d"));
	cr_assert(glob("/*b*c/*", "/bxbc/d"));
}

Test(glob, two_stars_cross_components)
{
	cr_assert(glob("/a/**", "/a/b/c"));
	cr_assert(glob("/a/**", "/a/"));
	cr_assert_not(glob("/a/**", "/ab/c"));
	cr_assert(glob("**/x", "/a/b/x"));
	cr_assert(glob("/a/**/x*y", "/a/x/b/x1y"));
	cr_assert_not(glob("/a/**/x*y", "/a/b/x1/y"));
	cr_assert(glob("/**/b*d/**/e", "/b/c/bd/x/y/e"));
	cr_assert_not(glob("/**/b*d/e", "/b/d/e"));
	cr_assert(glob("/***x", "/a/b/x"));
}

Test(glob, of_a_path_only_a_slash_is_a_slash)
{
	cr_assert_not(glob("/a?b", "/a/b"));
	cr_assert_not(glob("/a[!x]b", "/a/b"));
	cr_assert_not(glob("/a[/]b", "/a/b"));
	cr_assert(glob("/a\\/b", "/a/b"));
}

Test(glob, a_star_without_a_path_is_any_bytes)
{
	cr_assert(glob("*.log", "/var/log/x.log"));
	cr_assert(glob("*docker*", "/system.slice/docker-1.scope"));
	cr_assert(glob("*", ""));
	cr_assert(glob("a*", "a"));
	cr_assert(glob("*b*", "abc"));
	cr_assert(glob("a**c", "abbc"));
	cr_assert_not(glob("*b*", "acd"));
}

Test(glob, a_star_tries_every_length)
{
	cr_assert(glob("*aab", "aaaab"));
	cr_assert(glob("*a*b*c", "xaxbxbxc"));
	cr_assert_not(glob("*a*b*c", "xaxcxbx"));
}

Test(glob, a_question_mark_is_one_byte)
{
	cr_assert(glob("a?c", "a/c"));
	cr_assert_not(glob("a?c", "ac"));
	cr_assert_not(glob("?", ""));
}

Test(glob, a_set_is_one_of_its_bytes)
{
	cr_assert(glob("[abc]", "b"));
	cr_assert_not(glob("[abc]", "d"));
	cr_assert_not(glob("[abc]", ""));
	cr_assert_not(glob("[abc]", "ab"));
}

Test(glob, a_set_has_ranges)
{
	cr_assert(glob("x[0-9a-f]", "xc"));
	cr_assert_not(glob("x[0-9a-f]", "xg"));
}

Test(glob, a_set_can_be_inverted)
{
	cr_assert(glob("[!a-c]", "d"));
	cr_assert_not(glob("[!a-c]", "b"));
}

Test(glob, brackets_and_dashes_have_their_plain_places)
{
	cr_assert(glob("[]a]", "]"));
	cr_assert(glob("[!]a]", "b"));
	cr_assert_not(glob("[!]a]", "]"));
	cr_assert(glob("[a-]", "-"));
	cr_assert(glob("[-a]", "-"));
	cr_assert(glob("[a\\]b]", "]"));
	cr_assert(glob("[\\!a]", "!"));
}

Test(glob, a_backslash_makes_the_next_byte_plain)
{
	cr_assert(glob("\\*", "*"));
	cr_assert_not(glob("\\*", "a"));
	cr_assert(glob("\\?\\[\\\\", "?[\\"));
	cr_assert(glob("\\a", "a"));
}

Test(glob, bytes_above_ascii_are_bytes)
{
	cr_assert(glob("[\x80-\xff]", "\xc3"));
	cr_assert(glob("caf\xc3\xa9", "caf\xc3\xa9"));
	cr_assert(glob("caf??", "caf\xc3\xa9"));
}

Test(glob, a_malformed_pattern_matches_nothing)
{
	cr_assert_not(glob("[a", "a"));
	cr_assert_not(glob("a\\", "a"));
	cr_assert_not(glob("a\\", "a\\"));
	cr_assert_not(glob("[z-a]", "b"));
}

Test(glob, a_byte_may_be_written_as_its_number)
{
	cr_assert(glob("/a\\x0ab", "/a\nb"));
	cr_assert_not(glob("/a\\x0ab", "/a?b"));
	cr_assert(glob("\\xff\\xFE", "\xff\xfe"));
	cr_assert_not(glob("\\xff\\xfe", "zz"));
	cr_assert(glob("\\x41\\x2a\\x5c", "A*\\"));
	cr_assert_not(glob("\\x2a", "x"));
	cr_assert(glob("[\\x80-\\xff]", "\xc3"));
	cr_assert_not(glob("[\\x80-\\xff]", "a"));
	cr_assert(glob("\\\\x41", "\\x41"));
	cr_assert(glob("*\\x00", "ab") == false);
}

Test(glob, half_a_number_matches_nothing)
{
	static const char *const wrong[] = {
		"\\x", "\\x4", "\\xg1", "\\x1g", "[\\x4]", "[a-\\x4]"
	};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		cr_expect_not(glob(wrong[i], "x"), "%s", wrong[i]);
		cr_expect_not(glob(wrong[i], "x4"), "%s", wrong[i]);
		cr_expect_not(glob(wrong[i], "4"), "%s", wrong[i]);
		cr_expect_lt(fdf_glob_check(fdf_str(wrong[i])), strlen(wrong[i]), "%s", wrong[i]);
	}
}

/* Paths are others' choice: a slash at every place, and none that fits. */
Test(glob, two_stars_and_many_take_no_exponential_time, .timeout = 10)
{
	char g[256] = "", t[4096];

	for (int i = 0; i < 15; i++)
		strcat(g, "**/a*a");
	strcat(g, "b");
	for (size_t i = 0; i < sizeof(t); i++)
		t[i] = i % 8 ? 'a' : '/';
	cr_assert_not(fdf_glob(fdf_str(g), (struct fdf_str){ t, sizeof(t) }));
}

/* With 30 stars a matcher that goes back to each of them would not end in our time. */
Test(glob, many_stars_take_no_exponential_time, .timeout = 10)
{
	char g[128] = "", t[5000];

	for (int i = 0; i < 30; i++)
		strcat(g, "a*");
	strcat(g, "b");
	memset(t, 'a', sizeof(t));
	cr_assert_not(fdf_glob(fdf_str(g), (struct fdf_str){ t, sizeof(t) }));
}
