/*
 * Policy: who decides, in which order, and what is never excused.
 */
#include <criterion/criterion.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>

#include "policy.h"

static struct fdf_policy p;
static struct fdf_rule rules[8];
static struct fdf_intent in;
static struct fdf_exec x;
static struct fdf_fd d;
static struct fdf_sock sock;

/* A pipe on 5 that nobody meant, looked at in full. */
static void init(void)
{
	p = (struct fdf_policy){ .verdict = FDF_SEAL,
				 .intent = FDF_INTENT_DEFAULT,
				 .rules = rules };
	memset(&in, 0, sizeof(in));
	x = (struct fdf_exec){ .exe = fdf_str("/usr/sbin/server"), .into = fdf_str("/bin/sh") };
	sock = (struct fdf_sock){ .family = 1, .type = 1 };
	d = (struct fdf_fd){ .fd = 5, .have = 15, .type = FDF_PIPE, .sock = &sock };
}

TestSuite(policy, .init = init);

static void set_rules(const char *text)
{
	struct fdf_error err;

	p.nrules = fdf_rules_parse(fdf_str(text), rules, 8, &err);
	cr_assert_geq(p.nrules, 0);
}

static void meant(enum fdf_member member, unsigned only_if, const char *by)
{
	in.meant[in.n++] = (struct fdf_meant){ .first = 5,
					       .last = 7,
					       .member = (uint8_t)member,
					       .only_if = (uint8_t)only_if,
					       .by = fdf_str(by) };
}

static struct fdf_decision decide(void)
{
	return fdf_decide(&p, &x, &in, &d);
}

static void decides(enum fdf_verdict verdict, enum fdf_reason reason, const char *by)
{
	struct fdf_decision v = decide();

	cr_assert_eq(v.verdict, verdict, "verdict %s", fdf_verdict_name(v.verdict));
	cr_assert_eq(v.reason, reason, "reason %s", fdf_reason_name(v.reason));
	cr_assert(fdf_str_eq(v.by, fdf_str(by)), "by \"%.*s\"", (int)v.by.len, v.by.s);
	if (reason != FDF_BY_DEFAULT)
		cr_assert_eq(v.asked.len, 0);
}

/* Nobody's but the default, because of text, though `asked` named it. */
static void refuses(const char *asked, const char *text)
{
	struct fdf_decision v = decide();

	cr_assert_eq(v.verdict, p.verdict);
	cr_assert_eq(v.reason, FDF_BY_DEFAULT);
	cr_assert(fdf_str_eq(v.asked, fdf_str(asked)), "asked \"%.*s\"", (int)v.asked.len,
		  v.asked.s);
	cr_assert(fdf_str_eq(v.why, fdf_str(text)), "why \"%.*s\"", (int)v.why.len, v.why.s);
}

/* The default. */

Test(policy, what_nobody_meant_is_sealed)
{
	decides(FDF_SEAL, FDF_BY_DEFAULT, "");
}

Test(policy, the_mode_is_the_default)
{
	for (int v = FDF_SEAL; v <= FDF_ABORT; v++) {
		p.verdict = (uint8_t)v;
		decides((enum fdf_verdict)v, FDF_BY_DEFAULT, "");
	}
}

Test(policy, nobody_asked_and_nothing_is_said)
{
	refuses("", "");
}

/* The order. */

Test(policy, stdio_is_always_kept)
{
	p.verdict = FDF_ABORT;
	p.intent = 0;
	set_rules("deny");
	for (d.fd = 0; d.fd <= 2; d.fd++)
		decides(FDF_KEEP, FDF_BY_STDIO, "");
	decides(FDF_DENY, FDF_BY_RULE, "deny");
}

Test(policy, close_on_exec_is_no_leak_whatever_the_rules_say)
{
	d.cloexec = true;
	d.sign = FDF_SIGN_GIVEN;
	p.keep = fdf_str("5");
	set_rules("abort");
	decides(FDF_SEAL, FDF_BY_CLOEXEC, "");
}

Test(policy, keep_comes_before_rules)
{
	p.keep = fdf_str("4-6");
	set_rules("deny");
	decides(FDF_KEEP, FDF_BY_KEEP, "4-6");
}

Test(policy, rules_come_before_what_was_given)
{
	d.sign = FDF_SIGN_GIVEN;
	set_rules("seal fd=5 # ours");
	decides(FDF_SEAL, FDF_BY_RULE, "seal fd=5");
	cr_assert(fdf_str_eq(decide().why, fdf_str("ours")));
}

Test(policy, the_first_rule_that_matches_wins)
{
	set_rules("keep fd=6; report type=pipe; deny fd=5");
	decides(FDF_REPORT, FDF_BY_RULE, "report type=pipe");
}

Test(policy, rules_that_do_not_match_decide_nothing)
{
	set_rules("keep fd=6; keep into=bash; keep type=file");
	decides(FDF_SEAL, FDF_BY_DEFAULT, "");
}

Test(policy, given_comes_before_image)
{
	d.sign = FDF_SIGN_GIVEN | FDF_SIGN_ACT;
	in.image = "shell";
	decides(FDF_KEEP, FDF_BY_GIVEN, "");
}

Test(policy, image_comes_before_act)
{
	d.sign = FDF_SIGN_ACT;
	in.image = "shell";
	decides(FDF_KEEP, FDF_BY_IMAGE, "shell");
}

Test(policy, a_greedy_target_comes_before_act)
{
	d.sign = FDF_SIGN_ACT;
	meant(FDF_IMAGE, 0, "jspawnhelper");
	decides(FDF_KEEP, FDF_BY_IMAGE, "jspawnhelper");
}

Test(policy, act_comes_before_conventions)
{
	d.sign = FDF_SIGN_ACT;
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	decides(FDF_KEEP, FDF_BY_ACT, "close-on-exec cleared");
}

Test(policy, precise_comes_before_generic)
{
	meant(FDF_GENERIC, 0, "--fd");
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	decides(FDF_KEEP, FDF_BY_PRECISE, "LISTEN_FDS");
}

Test(policy, generic_comes_last)
{
	meant(FDF_GENERIC, 0, "--fd");
	decides(FDF_KEEP, FDF_BY_GENERIC, "--fd");
}

Test(policy, each_act_has_its_name)
{
	d.sign = FDF_SIGN_ACT;
	decides(FDF_KEEP, FDF_BY_ACT, "close-on-exec cleared");
	d.sign = FDF_SIGN_PLACED;
	decides(FDF_KEEP, FDF_BY_ACT, "dup2 in the child");
	d.sign = FDF_SIGN_SPAWN;
	decides(FDF_KEEP, FDF_BY_ACT, "spawn file action");
	d.sign = FDF_SIGN_SCRIPT;
	decides(FDF_KEEP, FDF_BY_ACT, "script of this exec");
}

/* Switches. */

Test(policy, a_member_that_is_off_means_nothing)
{
	d.sign = 0xff;
	in.image = "shell";
	meant(FDF_IMAGE, 0, "jspawnhelper");
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	meant(FDF_GENERIC, 0, "--fd");
	p.intent = 0;
	refuses("", "");
	p.intent = FDF_GENERIC;
	decides(FDF_KEEP, FDF_BY_GENERIC, "--fd");
	p.intent = FDF_PRECISE;
	decides(FDF_KEEP, FDF_BY_PRECISE, "LISTEN_FDS");
	p.intent = FDF_ACT;
	cr_assert_eq(decide().reason, FDF_BY_ACT);
	p.intent = FDF_IMAGE;
	decides(FDF_KEEP, FDF_BY_IMAGE, "shell");
	p.intent = FDF_GIVEN;
	decides(FDF_KEEP, FDF_BY_GIVEN, "");
}

Test(policy, without_intent_stdio_keep_and_rules_remain)
{
	p.intent = 0;
	d.sign = 0xff;
	set_rules("keep fd=6");
	p.keep = fdf_str("7");
	decides(FDF_SEAL, FDF_BY_DEFAULT, "");
	d.fd = 6;
	decides(FDF_KEEP, FDF_BY_RULE, "keep fd=6");
	d.fd = 7;
	decides(FDF_KEEP, FDF_BY_KEEP, "7");
	d.fd = 1;
	decides(FDF_KEEP, FDF_BY_STDIO, "");
}

/* Conventions and their conditions. */

Test(policy, a_convention_covers_its_numbers_and_no_others)
{
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	for (d.fd = 3; d.fd < 10; d.fd++)
		cr_assert_eq(decide().verdict, d.fd >= 5 && d.fd <= 7 ? FDF_KEEP : FDF_SEAL);
}

Test(policy, a_convention_without_an_end_covers_all_above)
{
	meant(FDF_IMAGE, 0, "x");
	in.meant[0].last = INT_MAX;
	d.fd = INT_MAX;
	decides(FDF_KEEP, FDF_BY_IMAGE, "x");
}

Test(policy, a_convention_for_pipes_takes_pipes_and_fifos)
{
	meant(FDF_PRECISE, FDF_IF_PIPE, "MAKEFLAGS");
	decides(FDF_KEEP, FDF_BY_PRECISE, "MAKEFLAGS");
	d.type = FDF_FIFO;
	decides(FDF_KEEP, FDF_BY_PRECISE, "MAKEFLAGS");
	d.type = FDF_FILE;
	refuses("MAKEFLAGS", "the convention is for a pipe");
}

Test(policy, a_convention_for_sockets_takes_listeners_too)
{
	meant(FDF_PRECISE, FDF_IF_SOCKET, "NODE_CHANNEL_FD");
	d.type = FDF_SOCKET;
	decides(FDF_KEEP, FDF_BY_PRECISE, "NODE_CHANNEL_FD");
	d.type = FDF_LISTENER;
	decides(FDF_KEEP, FDF_BY_PRECISE, "NODE_CHANNEL_FD");
	d.type = FDF_PIPE;
	refuses("NODE_CHANNEL_FD", "the convention is for a socket");
}

Test(policy, a_precise_convention_excuses_a_connected_socket)
{
	meant(FDF_PRECISE, 0, "NODE_CHANNEL_FD");
	d.type = FDF_SOCKET;
	sock.connected = true;
	decides(FDF_KEEP, FDF_BY_PRECISE, "NODE_CHANNEL_FD");
}

Test(policy, a_generic_one_excuses_no_listening_socket)
{
	meant(FDF_GENERIC, 0, "--status-fd");
	d.type = FDF_LISTENER;
	refuses("--status-fd", "a generic convention excuses no listening socket");
	d.type = FDF_SOCKET;
	sock.listening = true;
	refuses("--status-fd", "a generic convention excuses no listening socket");
}

Test(policy, a_generic_one_excuses_no_connected_socket)
{
	meant(FDF_GENERIC, 0, "--status-fd");
	d.type = FDF_SOCKET;
	sock.connected = true;
	refuses("--status-fd", "a generic convention excuses no connected socket");
}

Test(policy, a_generic_one_excuses_no_file_or_device_open_for_writing)
{
	static const uint8_t types[] = { FDF_FILE, FDF_CHR, FDF_BLK };

	meant(FDF_GENERIC, 0, "--status-fd");
	for (int i = 0; i < 3; i++) {
		d.type = types[i];
		d.status = O_WRONLY;
		refuses("--status-fd", "a generic convention excuses no file open for writing");
		d.status = O_RDWR | O_APPEND;
		refuses("--status-fd", "a generic convention excuses no file open for writing");
		d.status = O_RDONLY | O_NONBLOCK;
		decides(FDF_KEEP, FDF_BY_GENERIC, "--status-fd");
	}
}

Test(policy, a_generic_one_excuses_what_does_no_harm)
{
	static const uint8_t types[] = { FDF_DIR,    FDF_LINK,	FDF_PIPE, FDF_FIFO,
					 FDF_SOCKET, FDF_MEMFD, FDF_ANON };

	meant(FDF_GENERIC, 0, "/dev/fd/");
	d.status = O_RDWR;
	for (int i = 0; i < 7; i++) {
		d.type = types[i];
		decides(FDF_KEEP, FDF_BY_GENERIC, "/dev/fd/");
	}
}

Test(policy, harmless_can_be_asked_of_a_precise_one)
{
	meant(FDF_PRECISE, FDF_IF_HARMLESS, "OPTION");
	d.type = FDF_LISTENER;
	refuses("OPTION", "a generic convention excuses no listening socket");
}

Test(policy, conditions_add_up)
{
	meant(FDF_PRECISE, FDF_IF_SOCKET | FDF_IF_HARMLESS, "OPTION");
	refuses("OPTION", "the convention is for a socket");
	d.type = FDF_SOCKET;
	decides(FDF_KEEP, FDF_BY_PRECISE, "OPTION");
	sock.connected = true;
	cr_assert_eq(decide().verdict, FDF_SEAL);
}

Test(policy, what_is_not_known_is_not_excused)
{
	meant(FDF_GENERIC, 0, "--fd");
	d.have = 0;
	refuses("--fd", "too little is known of it");
	d.have = 15;
	d.type = FDF_UNKNOWN;
	refuses("--fd", "too little is known of it");
	d.type = FDF_SOCKET;
	d.have = FDF_HAVE_TYPE | FDF_HAVE_STATUS;
	refuses("--fd", "too little is known of it");
	d.have = 15;
	d.sock = NULL;
	refuses("--fd", "too little is known of it");
	d.type = FDF_FILE;
	d.have = FDF_HAVE_TYPE;
	refuses("--fd", "too little is known of it");
}

Test(policy, a_precise_one_without_conditions_needs_no_look)
{
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	d.have = 0;
	decides(FDF_KEEP, FDF_BY_PRECISE, "LISTEN_FDS");
}

Test(policy, a_later_convention_may_hold_where_an_earlier_does_not)
{
	meant(FDF_GENERIC, FDF_IF_SOCKET, "--a");
	meant(FDF_GENERIC, 0, "--b");
	decides(FDF_KEEP, FDF_BY_GENERIC, "--b");
	cr_assert_eq(decide().why.len, 0);
}

Test(policy, the_first_that_asked_in_vain_is_told)
{
	meant(FDF_GENERIC, 0, "--generic");
	meant(FDF_PRECISE, FDF_IF_PIPE, "PRECISE");
	d.type = FDF_LISTENER;
	refuses("PRECISE", "the convention is for a pipe");
}

Test(policy, asking_in_vain_changes_no_mode)
{
	p.verdict = FDF_DENY;
	meant(FDF_GENERIC, 0, "--fd");
	d.type = FDF_LISTENER;
	refuses("--fd", "a generic convention excuses no listening socket");
}

Test(policy, what_did_not_fit_is_said)
{
	in.overflow = true;
	refuses("", "more descriptors were named than can be remembered");
}

/* What has to be looked at. */

Test(policy, asks_what_the_rules_need)
{
	p.needs = FDF_HAVE_TARGET;
	cr_assert_eq(fdf_policy_asks(&p, &in, 5), FDF_HAVE_TARGET);
}

Test(policy, asks_what_conditions_need)
{
	unsigned all = FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_SOCK;

	meant(FDF_GENERIC, 0, "--fd");
	cr_assert_eq(fdf_policy_asks(&p, &in, 5) & all, all);
	cr_assert_eq(fdf_policy_asks(&p, &in, 4), 0);
	in.n = 0;
	meant(FDF_PRECISE, FDF_IF_PIPE, "MAKEFLAGS");
	cr_assert(fdf_policy_asks(&p, &in, 5) & FDF_HAVE_TYPE);
}

Test(policy, asks_nothing_for_what_needs_no_look)
{
	meant(FDF_PRECISE, 0, "LISTEN_FDS");
	cr_assert_eq(fdf_policy_asks(&p, &in, 5), 0);
	in.n = 0;
	meant(FDF_GENERIC, 0, "--fd");
	p.intent = FDF_PRECISE;
	cr_assert_eq(fdf_policy_asks(&p, &in, 5), 0);
}

Test(policy, seals_unseen_by_default)
{
	cr_assert(fdf_policy_seals_unseen(&p, &in));
}

Test(policy, seals_unseen_in_no_other_mode)
{
	for (int v = FDF_REPORT; v <= FDF_ABORT; v++) {
		p.verdict = (uint8_t)v;
		cr_assert_not(fdf_policy_seals_unseen(&p, &in));
	}
}

Test(policy, an_image_that_keeps_all_is_looked_at)
{
	in.image = "shell";
	cr_assert_not(fdf_policy_seals_unseen(&p, &in));
	p.intent = 0;
	cr_assert(fdf_policy_seals_unseen(&p, &in));
}

Test(policy, rules_by_number_hide_nothing)
{
	set_rules("keep fd=3; deny fd=9-");
	cr_assert(fdf_policy_seals_unseen(&p, &in));
}

Test(policy, rules_without_numbers_want_a_look)
{
	set_rules("keep type=pipe");
	cr_assert_not(fdf_policy_seals_unseen(&p, &in));
	set_rules("report path=/x");
	cr_assert_not(fdf_policy_seals_unseen(&p, &in));
	set_rules("deny into=sh");
	cr_assert_not(fdf_policy_seals_unseen(&p, &in));
}

Test(policy, rules_that_seal_want_none)
{
	set_rules("seal type=socket");
	cr_assert(fdf_policy_seals_unseen(&p, &in));
}

Test(policy, behind_a_rule_that_seals_all_nothing_counts)
{
	p.verdict = FDF_REPORT;
	in.image = "shell";
	set_rules("seal; keep type=pipe");
	cr_assert(fdf_policy_seals_unseen(&p, &in));
}

/* Whatever seals_unseen promises, decide has to keep. */
Test(policy, what_is_sealed_unseen_is_sealed_when_seen)
{
	static const char *const texts[] = { "", "seal", "seal type=pipe", "keep fd=9;seal;keep" };

	p.verdict = FDF_SEAL;
	for (int i = 0; i < 4; i++) {
		set_rules(texts[i]);
		cr_assert(fdf_policy_seals_unseen(&p, &in));
		for (int t = 0; t < FDF_TYPES; t++) {
			d.type = (uint8_t)t;
			cr_assert_eq(decide().verdict, FDF_SEAL);
		}
	}
}

Test(policy, last_is_none_without_names)
{
	set_rules("keep type=pipe");
	cr_assert_eq(fdf_policy_last(&p, &in), -1);
}

Test(policy, last_is_the_largest_of_all)
{
	set_rules("keep fd=20; keep type=pipe");
	p.keep = fdf_str("10");
	meant(FDF_PRECISE, 0, "x");
	cr_assert_eq(fdf_policy_last(&p, &in), 20);
	p.keep = fdf_str("30");
	cr_assert_eq(fdf_policy_last(&p, &in), 30);
	in.meant[0].last = 40;
	cr_assert_eq(fdf_policy_last(&p, &in), 40);
	set_rules("keep fd=3-");
	cr_assert_eq(fdf_policy_last(&p, &in), INT_MAX);
}

Test(policy, reasons_are_those_of_the_format)
{
	static const char *const want[FDF_REASONS] = {
		"default", "stdio", "keep",    "rule",	  "given",
		"image",   "act",   "precise", "generic", "close-on-exec",
	};

	for (int r = 0; r < FDF_REASONS; r++)
		cr_assert_str_eq(fdf_reason_name((enum fdf_reason)r), want[r]);
}
