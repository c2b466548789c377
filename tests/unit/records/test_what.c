/*
 * One descriptor in words and as a rule: the same from run to run, and a rule
 * that means what it was made from and nothing else.
 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/rules.h"
#include "tools/records/what.h"

static struct rec_fd base(enum fdf_type type, const char *target)
{
	return (struct rec_fd){ .fd = 5,
				.type = type,
				.target = target,
				.verdict = FDF_SEAL,
				.reason = FDF_BY_DEFAULT,
				.by = "",
				.why = "",
				.asked = "",
				.access = "",
				.family = "",
				.sock_type = "",
				.protocol = "",
				.local = "",
				.peer = "" };
}

static struct rec_fd tcp(const char *local, const char *peer)
{
	struct rec_fd f = base(FDF_SOCKET, "socket:[1]");

	f.has_socket = true;
	f.family = "inet";
	f.sock_type = "stream";
	f.protocol = "tcp";
	f.local = local;
	f.peer = peer;
	return f;
}

static void text_is(struct rec_fd f, const char *expected)
{
	char *got = what_text(&f);

	cr_assert_str_eq(got, expected);
	free(got);
}

Test(what, folds_what_changes_from_run_to_run)
{
	struct rec_fd f;

	text_is(base(FDF_PIPE, "pipe:[4711]"), "pipe");
	text_is(base(FDF_FILE, "/proc/4711/maps"), "/proc/*/maps");
	text_is(base(FDF_FILE, "/proc/sys/x"), "/proc/sys/x");
	text_is(base(FDF_FILE, "/tmp/#77 (deleted)"), "/tmp/#* (deleted)");
	text_is(base(FDF_FILE, "/tmp/#77"), "/tmp/#77");
	text_is(base(FDF_FILE, "/tmp/#a (deleted)"), "/tmp/#a (deleted)");
	text_is(base(FDF_ANON, "anon_inode:[eventpoll]"), "anon_inode:[eventpoll]");
	text_is(base(FDF_SOCKET, "socket:[7]"), "socket");
	text_is(tcp("0.0.0.0:80", ""), "tcp 0.0.0.0:80");
	text_is(tcp("10.0.0.1:80", "10.9.8.7:50123"), "tcp 10.0.0.1:80 <- a client");
	text_is(tcp("10.0.0.1:50123", "10.9.8.7:5432"), "tcp 10.0.0.1:* -> 10.9.8.7:5432");
	f = tcp("@0a1b2", "");
	f.family = "unix";
	text_is(f, "unix stream @*");
	f.local = "/run/x.sock";
	text_is(f, "unix stream /run/x.sock");
	f.local = "";
	text_is(f, "unix stream");
}

/* Every rule that is printed must parse, and match the descriptor that it was made for. */
static void rule_matches(const char *escaped, const char *raw)
{
	struct rec_fd f = base(FDF_FILE, escaped);
	struct fdf_fd d = { .fd = 5,
			    .have = FDF_HAVE_TYPE | FDF_HAVE_TARGET,
			    .type = FDF_FILE,
			    .target = fdf_str(raw) };
	struct fdf_exec x = { .exe = fdf_str(raw), .into = fdf_str("/bin/b") };
	char *text = what_rule("keep", escaped, "/bin/b", &f);
	struct fdf_rule rule;
	struct fdf_error err = { 0 };
	const char *p;

	for (p = text; *p; p++)
		cr_assert((unsigned char)*p >= 0x20 && *p != 0x7f, "control byte in %s", text);
	cr_assert_eq(fdf_rules_parse(fdf_str(text), &rule, 1, &err), 1, "%s: %zu: %s", text,
		     err.pos, err.expected);
	cr_assert(fdf_rule_matches(&rule, &x, &d), "%s does not match %s", text, escaped);
	d.target = fdf_str("/other");
	cr_assert_not(fdf_rule_matches(&rule, &x, &d), "%s matches anything", text);
	free(text);
}

Test(what, rules_parse_and_match_whatever_the_name)
{
	rule_matches("/srv/db", "/srv/db");
	rule_matches("/srv/a b;c#d", "/srv/a b;c#d");
	rule_matches("/srv/*?[x]", "/srv/*?[x]");
	rule_matches("/srv/\\x5cx41", "/srv/\\x41");
	rule_matches("/srv/\\x0a\\x1b[31m", "/srv/\n\033[31m");
	rule_matches("/srv/\\xff\\xfe", "/srv/\xff\xfe");
	rule_matches("/srv/\xc3\xa4", "/srv/\xc3\xa4");
	rule_matches("/srv/\"'`$(x)", "/srv/\"'`$(x)");
	rule_matches("/srv/db (deleted)", "/srv/db (deleted)");
	rule_matches("/srv/#77 (deleted)", "/srv/#77 (deleted)");
	rule_matches("/proc/77/maps", "/proc/77/maps");
}

Test(what, a_control_byte_is_one_of_a_pattern)
{
	char *text = what_glob("/a\n\x7f");

	cr_assert_str_eq(text, "/a\\x0a\\x7f");
	free(text);
}

Test(what, a_rule_for_a_star_matches_no_other_name)
{
	struct rec_fd f = base(FDF_FILE, "/srv/*");
	struct fdf_fd d = { .fd = 5,
			    .have = FDF_HAVE_TYPE | FDF_HAVE_TARGET,
			    .type = FDF_FILE,
			    .target = fdf_str("/srv/secret") };
	struct fdf_exec x = { .exe = fdf_str("/bin/a"), .into = fdf_str("/bin/b") };
	char *text = what_rule("keep", "/bin/a", "/bin/b", &f);
	struct fdf_rule rule;
	struct fdf_error err;

	cr_assert_eq(fdf_rules_parse(fdf_str(text), &rule, 1, &err), 1);
	cr_assert_not(fdf_rule_matches(&rule, &x, &d));
	free(text);
}

Test(what, a_type_that_is_not_known_stays_out_of_the_rule)
{
	struct rec_fd f = base(FDF_UNKNOWN, "/x");
	char *text = what_rule("keep", "/bin/a", "", &f);

	cr_assert_str_eq(text, "keep exe=/bin/a path=/x");
	free(text);
}

Test(what, pipes_and_sockets_have_no_path_in_their_rule)
{
	struct rec_fd f = base(FDF_PIPE, "pipe:[7]");
	char *text = what_rule("keep", "/bin/a", "", &f);

	cr_assert_str_eq(text, "keep exe=/bin/a type=pipe");
	free(text);
}

/* Such as nsfs, or anything where /proc does not tell: a rule for the type would hide all files. */
Test(what, a_descriptor_without_a_name_gets_no_rule)
{
	struct rec_fd f = base(FDF_FILE, "");
	char *text = what_rule("keep", "/bin/a", "/bin/b", &f);

	cr_assert_str_eq(text, "");
	free(text);
}

Test(what, a_name_without_a_place_is_in_its_rule)
{
	struct rec_fd f = base(FDF_FILE, "mnt:[4026531840]");
	char *text = what_rule("keep", "/bin/a", "", &f);

	cr_assert_str_eq(text, "keep exe=/bin/a type=file path=mnt:\\[*\\]");
	text_is(f, "mnt:[*]");
	free(text);
	f = base(FDF_ANON, "anon_inode:[eventpoll]");
	text = what_rule("keep", "/bin/a", "", &f);
	cr_assert_str_eq(text, "keep exe=/bin/a type=anon path=anon_inode:\\[eventpoll\\]");
	free(text);
}

Test(what, a_listener_has_its_address_in_the_rule)
{
	struct rec_fd f = tcp("0.0.0.0:80", "");
	char *text;

	f.type = FDF_LISTENER;
	text = what_rule("keep", "/bin/a", "", &f);
	cr_assert_str_eq(text, "keep exe=/bin/a type=listener addr=0.0.0.0:80");
	free(text);
}

static void no_rule(struct rec_fd f)
{
	char *text = what_rule("keep", "/bin/a", "", &f), *what = what_text(&f);

	cr_expect_str_eq(text, "", "%s: %s", what, text);
	free(text);
	free(what);
}

/* A rule would hide the next one that does have a name, and of connections a rule sees one end. */
Test(what, a_socket_without_a_name_of_its_own_gets_no_rule)
{
	struct rec_fd f = base(FDF_SOCKET, "socket:[1]");

	no_rule(f); /* of which nothing is known */
	f.has_socket = true;
	f.family = "unix";
	f.sock_type = "stream";
	no_rule(f); /* of a pair */
	f.peer = "/run/server.sock";
	no_rule(f);
	f.peer = "";
	f.local = "@0001f";
	no_rule(f);
	f.family = "netlink";
	f.local = "4711:00000000";
	no_rule(f);
	no_rule(tcp("127.0.0.1:50123", "127.0.0.1:80"));
	no_rule(tcp("127.0.0.1:80", "127.0.0.1:50123"));
	f = tcp("[::1]:50123", "");
	no_rule(f);
	f.type = FDF_LISTENER;
	no_rule(f);
}

Test(what, a_socket_that_is_held_by_its_path_has_it_in_its_rule)
{
	struct rec_fd f = base(FDF_SOCKET, "/run/x.sock");
	char *text = what_rule("keep", "/bin/a", "", &f);

	cr_assert_str_eq(text, "keep exe=/bin/a type=socket path=/run/x.sock");
	free(text);
}
