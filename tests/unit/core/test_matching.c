/*
 * Rules: what a rule matches.
 */
#include <criterion/criterion.h>
#include <limits.h>
#include <stdio.h>

#include "preload/core/rules.h"

static struct fdf_rule rules[4];
static struct fdf_error err;

static struct fdf_exec an_exec(const char *exe, const char *into)
{
	return (struct fdf_exec){ .exe = fdf_str(exe), .into = fdf_str(into) };
}

static struct fdf_fd a_file(int fd, const char *path)
{
	return (struct fdf_fd){ .fd = fd,
				.have = FDF_HAVE_TYPE | FDF_HAVE_TARGET,
				.type = FDF_FILE,
				.target = fdf_str(path) };
}

static int parse(const char *text)
{
	return fdf_rules_parse(fdf_str(text), rules, 4, &err);
}

static bool matches(const char *rule, const struct fdf_exec *x, const struct fdf_fd *d)
{
	cr_assert_eq(parse(rule), 1, "\"%s\": %s at %zu", rule, err.expected ? err.expected : "",
		     err.pos);
	return fdf_rule_matches(&rules[0], x, d);
}

static bool matches_fd(const char *rule, int fd)
{
	struct fdf_exec x = an_exec("/bin/a", "/bin/b");
	struct fdf_fd d = a_file(fd, "/f");

	return matches(rule, &x, &d);
}

static bool matches_type(const char *rule, enum fdf_type type)
{
	struct fdf_exec x = an_exec("/bin/a", "/bin/b");
	struct fdf_fd d = a_file(5, "/f");

	d.type = (uint8_t)type;
	return matches(rule, &x, &d);
}

Test(matching, without_conditions_everything_matches)
{
	struct fdf_exec x = { 0 };
	struct fdf_fd d = { .fd = 3 };

	cr_assert(matches("keep", &x, &d));
}

Test(matching, every_condition_has_to_match)
{
	struct fdf_exec x = an_exec("/usr/bin/php", "/usr/bin/dash");
	struct fdf_fd d = a_file(5, "/var/log/x");

	cr_assert(matches("keep exe=php into=dash fd=5 type=file path=/var/**", &x, &d));
	cr_assert_not(matches("keep exe=ph into=dash fd=5 type=file path=/var/**", &x, &d));
	cr_assert_not(matches("keep exe=php into=das fd=5 type=file path=/var/**", &x, &d));
	cr_assert_not(matches("keep exe=php into=dash fd=6 type=file path=/var/**", &x, &d));
	cr_assert_not(matches("keep exe=php into=dash fd=5 type=dir path=/var/**", &x, &d));
	cr_assert_not(matches("keep exe=php into=dash fd=5 type=file path=/usr/**", &x, &d));
}

Test(matching, an_image_without_a_slash_is_a_base_name)
{
	struct fdf_exec x = an_exec("/usr/bin/php8.2", "/usr/bin/dash");
	struct fdf_fd d = a_file(5, "/f");

	cr_assert(matches("keep exe=php*", &x, &d));
	cr_assert_not(matches("keep exe=usr*", &x, &d));
}

Test(matching, an_image_with_a_slash_is_the_whole_path)
{
	struct fdf_exec x = an_exec("/usr/bin/php", "/usr/bin/dash");
	struct fdf_fd d = a_file(5, "/f");

	cr_assert(matches("keep into=/usr/*/dash", &x, &d));
	cr_assert_not(matches("keep into=/dash", &x, &d));
}

Test(matching, an_image_that_is_not_known_matches_no_pattern)
{
	struct fdf_exec x = { 0 };
	struct fdf_fd d = a_file(5, "/f");

	cr_assert_not(matches("keep exe=*", &x, &d));
	cr_assert_not(matches("keep into=*", &x, &d));
}

Test(matching, numbers_are_matched)
{
	cr_assert(matches_fd("keep fd=3,5-7", 6));
	cr_assert_not(matches_fd("keep fd=3,5-7", 4));
	cr_assert(matches_fd("keep fd=10-", INT_MAX));
}

Test(matching, each_type_matches_itself)
{
	char text[32];

	for (int t = 0; t < FDF_TYPES; t++) {
		snprintf(text, sizeof(text), "keep type=%s", fdf_type_name((enum fdf_type)t));
		cr_assert(matches_type(text, (enum fdf_type)t), "%s", text);
		cr_assert_not(matches_type(text, t == FDF_DIR ? FDF_FILE : FDF_DIR), "%s", text);
	}
}

Test(matching, socket_stands_for_listeners_too)
{
	cr_assert(matches_type("keep type=socket", FDF_LISTENER));
	cr_assert_not(matches_type("keep type=listener", FDF_SOCKET));
}

Test(matching, any_of_several_types_matches)
{
	cr_assert(matches_type("keep type=pipe,fifo", FDF_FIFO));
	cr_assert(matches_type("keep type=pipe,fifo", FDF_PIPE));
	cr_assert_not(matches_type("keep type=pipe,fifo", FDF_ANON));
}

Test(matching, a_type_that_nobody_looked_at_does_not_match)
{
	struct fdf_exec x = { 0 };
	struct fdf_fd d = { .fd = 3, .type = FDF_FILE };

	cr_assert_not(matches("keep type=file", &x, &d));
	d.type = FDF_UNKNOWN;
	cr_assert_not(matches("keep type=unknown", &x, &d));
}

Test(matching, a_target_that_nobody_looked_at_does_not_match)
{
	struct fdf_exec x = { 0 };
	struct fdf_fd d = { .fd = 3, .have = FDF_HAVE_TYPE, .target = fdf_str("/f") };

	cr_assert_not(matches("keep path=*", &x, &d));
}

Test(matching, needs_are_told)
{
	cr_assert_eq(parse("keep fd=3 exe=a into=b;keep type=file;keep path=/a"), 3);
	cr_assert_eq(fdf_rule_needs(&rules[0]), 0);
	cr_assert_eq(fdf_rule_needs(&rules[1]), FDF_HAVE_TYPE);
	cr_assert_eq(fdf_rule_needs(&rules[2]), FDF_HAVE_TARGET);
}
