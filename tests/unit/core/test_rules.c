/*
 * Rules: what the parser takes and refuses, where it says that the error is, and
 * what a rule matches.  docs/rules.md describes the grammar.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/rules.h"

static struct fdf_rule rules[FDF_RULES_MAX + 1];
static struct fdf_error err;

static int parse(const char *text)
{
	/* Just as large as it is, so that a sanitizer sees a step too far. */
	size_t len = strlen(text);
	static char *copy;
	int n;

	free(copy);
	copy = malloc(len ? len : 1);
	memcpy(copy, text, len);
	n = fdf_rules_parse((struct fdf_str){ copy, len }, rules, FDF_RULES_MAX, &err);
	return n;
}

static void is(struct fdf_str got, const char *want)
{
	cr_assert(fdf_str_eq(got, fdf_str(want)), "got \"%.*s\", expected \"%s\"", (int)got.len,
		  got.s ? got.s : "", want);
}

static void refused(const char *text, size_t pos, const char *expected)
{
	cr_assert_eq(parse(text), -1, "\"%s\" was taken", text);
	cr_assert(strstr(err.expected, expected), "\"%s\": expected \"%s\"", text, err.expected);
	cr_assert_eq(err.pos, pos, "\"%s\": position %zu", text, err.pos);
}

static bool matches_path(const char *rule, const char *path)
{
	struct fdf_exec x = { 0 };
	struct fdf_fd d = { .fd = 5, .have = FDF_HAVE_TARGET, .target = fdf_str(path) };

	cr_assert_gt(parse(rule), 0);
	return fdf_rule_matches(&rules[0], &x, &d);
}

/* What is taken. */

Test(rules, empty_text_has_no_rules)
{
	cr_assert_eq(parse(""), 0);
	cr_assert_eq(fdf_rules_parse((struct fdf_str){ NULL, 0 }, rules, 1, &err), 0);
}

Test(rules, empty_rules_are_skipped)
{
	cr_assert_eq(parse(" ;; \n\n \t;\r\n"), 0);
}

Test(rules, each_verdict_is_read)
{
	cr_assert_eq(parse("keep;seal;report;deny;abort"), 5);
	for (int i = 0; i < 5; i++)
		cr_assert_eq(rules[i].verdict, FDF_KEEP + i);
}

Test(rules, every_part_of_a_rule_is_read)
{
	cr_assert_eq(parse("deny exe=*/postgres into=sh fd=3-9 type=file path=/var/* # raw tables"),
		     1);
	is(rules[0].exe, "*/postgres");
	is(rules[0].into, "sh");
	is(rules[0].fds, "3-9");
	is(rules[0].path, "/var/*");
	is(rules[0].why, "raw tables");
	cr_assert_eq(rules[0].types, 1 << FDF_FILE);
}

Test(rules, text_is_the_rule_without_its_comment)
{
	cr_assert_eq(parse("  keep   fd=3 \t # why"), 1);
	is(rules[0].text, "keep   fd=3");
}

Test(rules, conditions_may_come_in_any_order)
{
	cr_assert_eq(parse("keep path=/a type=dir fd=7 into=b exe=c"), 1);
	is(rules[0].exe, "c");
	is(rules[0].path, "/a");
}

Test(rules, what_is_not_said_is_no_condition)
{
	cr_assert_eq(parse("keep fd=3"), 1);
	cr_assert_null(rules[0].exe.s);
	cr_assert_null(rules[0].into.s);
	cr_assert_null(rules[0].path.s);
	cr_assert_null(rules[0].why.s);
	cr_assert_eq(rules[0].types, 0);
}

Test(rules, semicolons_and_newlines_separate)
{
	cr_assert_eq(parse("keep fd=3;seal fd=4\ndeny fd=5"), 3);
	is(rules[0].fds, "3");
	is(rules[1].fds, "4");
	is(rules[2].fds, "5");
}

Test(rules, carriage_returns_are_white_space)
{
	cr_assert_eq(parse("keep fd=3\r\nseal fd=4\r\n"), 2);
	is(rules[0].fds, "3");
	is(rules[1].text, "seal fd=4");
}

Test(rules, a_comment_behind_a_rule_ends_at_a_semicolon)
{
	cr_assert_eq(parse("keep fd=3 # one ; seal fd=4 # two"), 2);
	is(rules[0].why, "one");
	is(rules[1].why, "two");
}

Test(rules, a_backslash_keeps_a_semicolon_in_a_comment)
{
	cr_assert_eq(parse("keep fd=3 # one\\; two ; seal"), 2);
	is(rules[0].why, "one\\; two");
}

Test(rules, a_backslash_does_not_join_a_comment_to_the_next_line)
{
	cr_assert_eq(parse("keep fd=3 # C:\\\ndeny"), 2);
	is(rules[0].why, "C:\\");
	cr_assert_eq(rules[1].verdict, FDF_DENY);
}

Test(rules, an_empty_comment_is_none)
{
	cr_assert_eq(parse("keep fd=3 #"), 1);
	cr_assert_null(rules[0].why.s);
}

Test(rules, a_comment_alone_takes_its_whole_line)
{
	cr_assert_eq(parse("# keep fd=3; keep\nseal fd=4"), 1);
	cr_assert_eq(rules[0].verdict, FDF_SEAL);
}

Test(rules, a_backslash_makes_separators_plain)
{
	cr_assert_eq(parse("keep path=/a\\ b\\;c\\#d ; seal"), 2);
	is(rules[0].path, "/a\\ b\\;c\\#d");
	cr_assert(matches_path("keep path=/a\\ b\\;c\\#d", "/a b;c#d"));
}

Test(rules, a_backslash_makes_a_newline_plain)
{
	cr_assert(matches_path("keep path=/a\\\nb", "/a\nb"));
}

Test(rules, lines_are_counted)
{
	cr_assert_eq(parse("# one\n\nkeep fd=3; seal fd=4\ndeny"), 3);
	cr_assert_eq(rules[0].line, 3);
	cr_assert_eq(rules[1].line, 3);
	cr_assert_eq(rules[2].line, 4);
}

Test(rules, a_newline_inside_a_pattern_counts)
{
	cr_assert_eq(parse("keep path=/a\\\nb\nseal"), 2);
	cr_assert_eq(rules[1].line, 3);
}

Test(rules, in_a_single_line_parts_are_counted)
{
	cr_assert_eq(parse("keep fd=3; ;seal"), 2);
	cr_assert_eq(rules[0].line, 1);
	cr_assert_eq(rules[1].line, 3);
}

Test(rules, a_text_without_its_comment_is_the_same_rule)
{
	struct fdf_rule first;
	char text[64];

	cr_assert_eq(parse("deny exe=a into=b fd=3,5- type=socket,dir path=/x\\ [a-c] # w"), 1);
	first = rules[0];
	snprintf(text, sizeof(text), "%.*s", (int)first.text.len, first.text.s);
	cr_assert_eq(fdf_rules_parse(fdf_str(text), rules, 1, &err), 1);
	cr_assert_eq(rules[0].verdict, first.verdict);
	cr_assert_eq(rules[0].types, first.types);
	is(rules[0].path, "/x\\ [a-c]");
	is(rules[0].fds, "3,5-");
	is(rules[0].text, text);
}

Test(rules, as_many_as_fit_are_taken)
{
	cr_assert_eq(fdf_rules_parse(fdf_str("keep;seal"), rules, 2, &err), 2);
}

/* What is refused, and where. */

Test(rules, too_many_are_refused)
{
	cr_assert_eq(fdf_rules_parse(fdf_str("keep;seal; deny"), rules, 2, &err), -1);
	cr_assert_eq(err.pos, 11);
	cr_assert(strstr(err.expected, "fewer"));
}

Test(rules, a_refusal_writes_nothing_behind_the_rules_asked_for)
{
	memset(rules, 0x55, sizeof(rules));
	fdf_rules_parse(fdf_str("keep;seal;deny"), rules, 2, &err);
	cr_assert_eq(rules[2].verdict, 0x55);
}

Test(rules, an_unknown_verdict_is_refused)
{
	refused("keep fd=3; kill fd=4", 11, "verdict");
	cr_assert_eq(err.line, 2);
}

Test(rules, none_is_no_verdict)
{
	refused("none", 0, "verdict");
}

Test(rules, verdicts_are_lower_case)
{
	refused("Keep", 0, "verdict");
}

Test(rules, an_unknown_condition_is_refused)
{
	refused("keep fd=3 pid=4", 10, "condition");
}

Test(rules, a_word_without_a_value_is_refused)
{
	refused("keep fd", 5, "condition");
}

Test(rules, an_empty_value_is_refused)
{
	refused("keep path= fd=3", 10, "value");
	refused("keep fd=", 8, "value");
	refused("keep type=", 10, "value");
}

Test(rules, a_condition_given_twice_is_refused)
{
	refused("keep fd=3 fd=4", 10, "once");
	refused("keep type=file type=dir", 15, "once");
	refused("keep exe=a exe=a", 11, "once");
}

Test(rules, bad_ranges_are_refused_at_the_byte)
{
	refused("keep fd=3,x", 10, "numbers");
	refused("keep fd=7-5", 8, "numbers");
}

Test(rules, an_unknown_type_is_refused_at_its_name)
{
	refused("keep type=file,door", 15, "types");
	refused("keep type=file,", 15, "types");
	refused("keep type=,file", 10, "types");
}

Test(rules, a_set_without_an_end_is_refused)
{
	refused("keep path=/a[b", 12, "]");
	refused("keep path=[", 10, "]");
	refused("keep path=[]", 10, "]");
	refused("keep path=[a\\]", 10, "]");
}

Test(rules, a_set_that_runs_backwards_is_refused)
{
	refused("keep path=/[z-a]", 11, "[a-z]");
}

Test(rules, a_backslash_with_nothing_behind_it_is_refused)
{
	refused("keep path=/a\\", 12, "backslash");
}

Test(rules, a_comment_without_white_space_is_refused)
{
	refused("keep path=/a#b", 12, "#");
	refused("keep# why", 4, "#");
}

Test(rules, the_line_of_an_error_is_told)
{
	refused("keep fd=3\n# x\n  seal fd=a\n", 24, "numbers");
	cr_assert_eq(err.line, 3);
}

Test(names, verdicts_go_both_ways)
{
	for (int v = FDF_KEEP; v < FDF_VERDICTS; v++)
		cr_assert_eq(fdf_verdict_from(fdf_str(fdf_verdict_name((enum fdf_verdict)v))), v);
	cr_assert_str_eq(fdf_verdict_name(FDF_NONE), "none");
	cr_assert_eq(fdf_verdict_from(fdf_str("keeper")), FDF_NONE);
	cr_assert_eq(fdf_verdict_from(fdf_str("kee")), FDF_NONE);
	cr_assert_eq(fdf_verdict_from(fdf_str("")), FDF_NONE);
}

Test(names, types_are_those_of_the_format)
{
	static const char *const want[FDF_TYPES] = {
		"unknown", "file", "dir",    "chr",	 "blk",	  "link",
		"pipe",	   "fifo", "socket", "listener", "memfd", "anon",
	};

	for (int t = 0; t < FDF_TYPES; t++)
		cr_assert_str_eq(fdf_type_name((enum fdf_type)t), want[t]);
}

/* Addresses. */

static bool matches_address(const char *rule, int family, const void *sockaddr, size_t len)
{
	struct fdf_sock sock = { .family = family, .local_len = (unsigned char)len };
	struct fdf_exec x = { 0 };
	struct fdf_fd d = {
		.fd = 5, .have = FDF_HAVE_TYPE | FDF_HAVE_SOCK, .type = FDF_LISTENER, .sock = &sock
	};

	memcpy(sock.local, sockaddr, len);
	cr_assert_gt(parse(rule), 0);
	cr_assert(fdf_rule_needs(&rules[0]) & FDF_HAVE_SOCK);
	return fdf_rule_matches(&rules[0], &x, &d);
}

Test(rules, an_address_is_that_a_socket_is_bound_to)
{
	static const unsigned char loopback[16] = { 2, 0, 0x1f, 0x90, 127, 0, 0, 1 }; /* 8080 */
	static const unsigned char path[] = "\1\0/run/x y\0left over", own[] = "\1\0\0name",
				   pose[] = "\1\0@name";

	cr_assert(matches_address("keep addr=127.0.0.1:8080", 2, loopback, 16));
	cr_assert(matches_address("keep type=listener addr=127.0.0.1:*", 2, loopback, 16));
	cr_assert_not(matches_address("keep addr=127.0.0.1:80", 2, loopback, 16));
	cr_assert_not(matches_address("keep addr=*", 2, loopback, 2)); /* not bound */
	cr_assert(matches_address("keep addr=/run/x\\ y", 1, path, sizeof(path) - 1));
	cr_assert(matches_address("keep addr=@name", 1, own, sizeof(own) - 1));
	cr_assert_not(matches_address("keep addr=@name", 1, pose, sizeof(pose) - 1));
}

Test(rules, an_address_that_cannot_be_seen_matches_nothing)
{
	struct fdf_exec x = { 0 };
	struct fdf_fd d = { .fd = 5, .have = FDF_HAVE_TYPE, .type = FDF_SOCKET };

	cr_assert_eq(parse("keep addr=*"), 1);
	cr_assert_not(fdf_rule_matches(&rules[0], &x, &d));
	refused("keep addr=", 10, "a value behind");
	refused("keep addr=a addr=b", 12, "each condition once");
}
