/*
 * Policy: who decides, in which order, and what has to be looked at.
 */
#include <limits.h>

#include "tests/unit/core/policy_facts.h"

TestSuite(policy, .init = init);

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

/* limits: stdio */
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
		"default", "stdio",   "keep",	 "rule",	  "given", "image",
		"act",	   "precise", "generic", "close-on-exec", "pair",
	};

	for (int r = 0; r < FDF_REASONS; r++)
		cr_assert_str_eq(fdf_reason_name((enum fdf_reason)r), want[r]);
}
