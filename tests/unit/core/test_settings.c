/*
 * Settings: what each takes, its default, and that a value which does not parse
 * changes nothing.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "preload/core/settings.h"

static struct fdf_settings s, before;
static struct fdf_error err;

static void init(void)
{
	memset(&s, 0x55, sizeof(s));
	fdf_settings_init(&s);
}

TestSuite(settings, .init = init);

static int set(const char *name, const char *value)
{
	return fdf_settings_set(&s, fdf_str(name), fdf_str(value), &err);
}

/* The value is refused at pos with a word of what was expected, and nothing has changed. */
static void refused(const char *name, const char *value, size_t pos, const char *expected)
{
	before = s;
	cr_assert_eq(set(name, value), -1, "%s=%s was taken", name, value);
	cr_assert_str_eq(err.name, name);
	cr_assert_eq(err.pos, pos, "%s=%s: position %zu", name, value, err.pos);
	cr_assert(strstr(err.expected, expected), "%s=%s: \"%s\"", name, value, err.expected);
	cr_assert_eq(s.policy.nrules, before.policy.nrules);
	cr_assert_eq(memcmp(s.rules, before.rules, sizeof(s.rules[0]) * (size_t)s.policy.nrules),
		     0);
	/* What stands behind the rules in force is nobody's. */
	memcpy(s.rules, before.rules, sizeof(s.rules));
	cr_assert_arr_eq(&s, &before, sizeof(s));
}

Test(settings, defaults)
{
	cr_assert_eq(s.policy.verdict, FDF_SEAL);
	cr_assert_eq(s.policy.intent, FDF_INTENT_DEFAULT);
	cr_assert_eq(s.policy.nrules, 0);
	cr_assert_eq(s.policy.needs, 0);
	cr_assert_eq(s.policy.rules, s.rules);
	cr_assert_eq(s.policy.keep.len, 0);
	cr_assert_not(s.off);
	cr_assert_not(s.log_all);
	cr_assert(s.log_argv);
	cr_assert_not(s.on_error_deny);
	cr_assert(s.follow);
	cr_assert_eq(s.log.len, 0);
}

Test(settings, a_key_is_letters_and_digits_and_of_a_bounded_length)
{
	char long_key[FDF_LOG_KEY_MAX + 2];

	memset(long_key, 'a', sizeof(long_key) - 1);
	long_key[sizeof(long_key) - 1] = '\0';
	cr_assert_eq(set("LOG_KEY", "0aZ9"), 0);
	cr_assert_eq(s.log_key.len, 4);
	cr_assert_eq(set("LOG_KEY", "a{"), -1);
	cr_assert_eq(set("LOG_KEY", "a b"), -1);
	cr_assert_eq(set("LOG_KEY", long_key), -1);
	cr_assert_eq(s.log_key.len, 4);
	cr_assert_eq(set("LOG_KEY", long_key + 1), 0);
	cr_assert_eq(s.log_key.len, FDF_LOG_KEY_MAX);
}

Test(settings, cookie_is_sixteen_digits)
{
	cr_assert_eq(set("COOKIE", "40000000000000fe"), 0);
	cr_assert_eq(s.cookie, 0x40000000000000feULL);
	refused("COOKIE", "40000000000000f", 0, "16 hexadecimal digits");
	refused("COOKIE", "40000000000000FE", 0, "16 hexadecimal digits");
	refused("COOKIE", "40000000000000fe0", 0, "16 hexadecimal digits");
	cr_assert_eq(s.cookie, 0x40000000000000feULL);
	cr_assert_eq(set("COOKIE", ""), 0);
	cr_assert_eq(s.cookie, 0);
}

Test(settings, every_name_is_known)
{
	static const char *const want[] = { "MODE",	"KEEP",	   "RULES",    "INTENT",
					    "LOG",	"LOG_KEY", "LOG_WHAT", "LOG_ARGV",
					    "ON_ERROR", "FOLLOW",  "CLAMP",    "COOKIE" };

	for (int i = 0; i < 12; i++) {
		cr_assert_str_eq(fdf_settings_name(i), want[i]);
		cr_assert_eq(set(want[i], ""), 0);
	}
	cr_assert_null(fdf_settings_name(12));
	cr_assert_null(fdf_settings_name(-1));
}

Test(settings, an_unknown_name_is_told)
{
	cr_assert_eq(set("MOOD", "seal"), 1);
	cr_assert_eq(set("", "seal"), 1);
	cr_assert_eq(set("LOG_", "seal"), 1);
	cr_assert_eq(set("mode", "seal"), 1);
}

Test(settings, mode_is_a_verdict)
{
	static const char *const names[] = { "seal", "report", "deny", "abort" };

	for (int i = 0; i < 4; i++) {
		cr_assert_eq(set("MODE", names[i]), 0);
		cr_assert_eq(s.policy.verdict, FDF_SEAL + i);
		cr_assert_not(s.off);
	}
}

Test(settings, mode_off)
{
	cr_assert_eq(set("MODE", "off"), 0);
	cr_assert(s.off);
	cr_assert_eq(set("MODE", "report"), 0);
	cr_assert_not(s.off);
}

Test(settings, mode_keep_is_refused)
{
	refused("MODE", "keep", 0, "seal, report, deny, abort or off");
}

Test(settings, a_bad_mode_is_refused)
{
	refused("MODE", "none", 0, "off");
	refused("MODE", "seal ", 0, "off");
	refused("MODE", "SEAL", 0, "off");
}

Test(settings, keep_takes_ranges)
{
	cr_assert_eq(set("KEEP", "3,7-"), 0);
	cr_assert(fdf_ranges_have(s.policy.keep, 9));
	cr_assert_not(fdf_ranges_have(s.policy.keep, 5));
}

Test(settings, bad_ranges_are_refused_at_the_byte)
{
	refused("KEEP", "3,x", 2, "numbers");
}

Test(settings, rules_are_parsed)
{
	cr_assert_eq(set("RULES", "keep fd=3 # one; deny type=socket path=/x"), 0);
	cr_assert_eq(s.policy.nrules, 2);
	cr_assert_eq(s.policy.rules[1].verdict, FDF_DENY);
}

Test(settings, the_needs_of_all_rules_add_up)
{
	cr_assert_eq(set("RULES", "deny type=socket; keep fd=3"), 0);
	cr_assert_eq(s.policy.needs, FDF_HAVE_TYPE);
	cr_assert_eq(set("RULES", "keep path=/x; keep fd=4"), 0);
	cr_assert_eq(s.policy.needs, FDF_HAVE_TYPE | FDF_HAVE_TARGET);
}

Test(settings, later_rules_come_behind)
{
	cr_assert_eq(set("RULES", "keep fd=3"), 0);
	cr_assert_eq(set("RULES", "deny fd=4;seal"), 0);
	cr_assert_eq(s.policy.nrules, 3);
	cr_assert_eq(s.policy.rules[0].verdict, FDF_KEEP);
	cr_assert_eq(s.policy.rules[2].verdict, FDF_SEAL);
}

Test(settings, never_half_a_policy)
{
	cr_assert_eq(set("RULES", "seal fd=9"), 0);
	refused("RULES", "keep fd=3; keep type=socket; keep fd=x", 37, "numbers");
	cr_assert_eq(err.line, 3);
	cr_assert_eq(s.policy.needs, 0);
	cr_assert_eq(s.policy.rules[0].verdict, FDF_SEAL);
}

Test(settings, rules_are_bounded)
{
	char text[FDF_RULES_MAX * 5 + 1] = "";

	for (int i = 0; i < FDF_RULES_MAX; i++)
		memcpy(text + i * 5, "keep;", 6);
	cr_assert_eq(set("RULES", text), 0);
	cr_assert_eq(s.policy.nrules, FDF_RULES_MAX);
	refused("RULES", "seal", 0, "fewer");
}

Test(settings, intent_all_and_none)
{
	cr_assert_eq(set("INTENT", "none"), 0);
	cr_assert_eq(s.policy.intent, 0);
	cr_assert_eq(set("INTENT", "all"), 0);
	cr_assert_eq(s.policy.intent, FDF_INTENT_DEFAULT);
}

Test(settings, each_member_of_intent_has_its_bit)
{
	for (unsigned m = FDF_GIVEN; m <= FDF_DUP2; m <<= 1) {
		cr_assert_eq(set("INTENT", fdf_member_name((enum fdf_member)m)), 0);
		cr_assert_eq(s.policy.intent, m);
	}
}

Test(settings, members_add_up)
{
	cr_assert_eq(set("INTENT", "given,precise"), 0);
	cr_assert_eq(s.policy.intent, FDF_GIVEN | FDF_PRECISE);
}

Test(settings, a_minus_takes_from_the_default)
{
	cr_assert_eq(set("INTENT", "-generic,-image"), 0);
	cr_assert_eq(s.policy.intent, FDF_GIVEN | FDF_ACT | FDF_PRECISE | FDF_PAIR);
}

Test(settings, all_leaves_dup2_out_until_it_is_named)
{
	cr_assert_eq(set("INTENT", "all,dup2"), 0);
	cr_assert_eq(s.policy.intent, FDF_INTENT_DEFAULT | FDF_DUP2);
	cr_assert_eq(set("INTENT", "-given"), 0);
	cr_assert_eq(s.policy.intent, FDF_INTENT_DEFAULT & ~FDF_GIVEN);
}

Test(settings, bad_intent_is_refused_at_the_word)
{
	refused("INTENT", "given,taken", 6, "all, none");
	refused("INTENT", "given,", 6, "all, none");
	refused("INTENT", ",given", 0, "all, none");
	refused("INTENT", "-", 0, "all, none");
	refused("INTENT", "-none", 0, "all, none");
	refused("INTENT", "-all", 0, "all, none");
	refused("INTENT", "given, act", 6, "all, none");
}

Test(settings, log_is_a_path_or_an_abstract_name)
{
	cr_assert_eq(set("LOG", "/var/log/fence.jsonl"), 0);
	cr_assert(fdf_str_eq(s.log, fdf_str("/var/log/fence.jsonl")));
	cr_assert_eq(set("LOG", "@fence"), 0);
	cr_assert(fdf_str_eq(s.log, fdf_str("@fence")));
}

Test(settings, other_logs_are_refused)
{
	refused("LOG", "fence.log", 0, "'/'");
	refused("LOG", "/", 0, "'/'");
	refused("LOG", "@", 0, "'@'");
}

Test(settings, an_abstract_name_fits_into_its_address)
{
	char name[110] = "@";

	memset(name + 1, 'x', 107);
	cr_assert_eq(set("LOG", name), 0);
	name[108] = 'x';
	refused("LOG", name, 0, "107");
}

Test(settings, log_what)
{
	cr_assert_eq(set("LOG_WHAT", "all"), 0);
	cr_assert(s.log_all);
	cr_assert_eq(set("LOG_WHAT", "leaks"), 0);
	cr_assert_not(s.log_all);
	refused("LOG_WHAT", "some", 0, "leaks or all");
}

Test(settings, log_argv)
{
	cr_assert_eq(set("LOG_ARGV", "no"), 0);
	cr_assert_not(s.log_argv);
	cr_assert_eq(set("LOG_ARGV", "yes"), 0);
	cr_assert(s.log_argv);
	refused("LOG_ARGV", "1", 0, "yes or no");
}

Test(settings, on_error)
{
	cr_assert_eq(set("ON_ERROR", "deny"), 0);
	cr_assert(s.on_error_deny);
	cr_assert_eq(set("ON_ERROR", "allow"), 0);
	cr_assert_not(s.on_error_deny);
	refused("ON_ERROR", "seal", 0, "allow or deny");
}

Test(settings, follow)
{
	cr_assert_eq(set("FOLLOW", "no"), 0);
	cr_assert_not(s.follow);
	cr_assert(s.log_argv);
	cr_assert_eq(set("FOLLOW", "yes"), 0);
	cr_assert(s.follow);
	refused("FOLLOW", "maybe", 0, "yes or no");
}

Test(settings, clamp)
{
	cr_assert_not(s.clamp);
	cr_assert_eq(set("CLAMP", "yes"), 0);
	cr_assert(s.clamp);
	cr_assert_eq(set("CLAMP", "no"), 0);
	cr_assert_not(s.clamp);
	refused("CLAMP", "1024", 0, "yes or no");
}

Test(settings, an_empty_value_is_the_default)
{
	static const char *const pairs[][2] = {
		{ "MODE", "deny" },	{ "KEEP", "3" },       { "INTENT", "none" },
		{ "LOG", "/x" },	{ "LOG_WHAT", "all" }, { "LOG_ARGV", "no" },
		{ "ON_ERROR", "deny" }, { "FOLLOW", "no" },    { "CLAMP", "yes" },
	};
	static struct fdf_settings fresh;

	fdf_settings_init(&fresh);
	for (int i = 0; i < 9; i++)
		cr_assert_eq(set(pairs[i][0], pairs[i][1]), 0);
	for (int i = 0; i < 9; i++)
		cr_assert_eq(set(pairs[i][0], ""), 0);
	cr_assert_eq(s.policy.verdict, fresh.policy.verdict);
	cr_assert_eq(s.policy.intent, fresh.policy.intent);
	cr_assert_eq(s.policy.keep.len, 0);
	cr_assert_eq(s.log.len, 0);
	cr_assert_eq(s.log_all, fresh.log_all);
	cr_assert_eq(s.log_argv, fresh.log_argv);
	cr_assert_eq(s.on_error_deny, fresh.on_error_deny);
	cr_assert_eq(s.follow, fresh.follow);
	cr_assert_eq(s.clamp, fresh.clamp);
}

Test(settings, empty_rules_add_none)
{
	cr_assert_eq(set("RULES", "keep fd=3"), 0);
	cr_assert_eq(set("RULES", ""), 0);
	cr_assert_eq(s.policy.nrules, 1);
}
