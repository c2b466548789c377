/*
 * The command line: the table, what it becomes, and what goes before what.
 */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/commands/check.h"
#include "tools/commands/command.h"
#include "tools/options/config.h"
#include "tools/options/profile.h"

static struct config c;
static struct check_line l;
static char **cmd;

/* All rows that subcommands share. */
static const struct option_row *const tables[] = {
	config_launch_rows,
	config_policy_rows,
	config_fence_rows,
	config_log_rows,
	config_output_rows,
	config_message_rows,
	NULL,
};
static const struct options run = {
	.name = "run",
	.about = "For tests",
	.usage = "-- CMD",
	.needs = "a command",
	.tables = tables,
	.take = config_take,
};

static void init(void)
{
	int i;

	for (i = 0; fdf_settings_name(i); i++) {
		char *name = must_printf("FDFENCE_%s", fdf_settings_name(i));

		unsetenv(name);
		free(name);
	}
	unsetenv("FDFENCE_RULES_FILE");
	config_init(&c);
	check_line_init(&l);
	if (!freopen("/dev/null", "w", stderr) || !freopen("/dev/null", "w", stdout))
		abort();
}

static void fini(void)
{
	config_free(&c);
	config_free(&l.config);
}

TestSuite(options, .init = init, .fini = fini);

static int parse(const struct options *o, void *ctx, ...)
{
	static char *argv[32] = { "run" }; /* cmd points into it */
	int argc = 1;
	va_list ap;

	va_start(ap, ctx);
	while ((argv[argc] = va_arg(ap, char *)))
		argc++;
	va_end(ap);
	return options_parse(o, argc, argv, ctx, &cmd);
}

#define RUN(...)   parse(&run, &c, __VA_ARGS__, NULL)
#define CHECK(...) parse(command_check.options, &l, __VA_ARGS__, NULL)
#define GOES_ON	   OPTIONS_CONTINUE

Test(options, words_behind_the_command_are_its_own)
{
	cr_assert_eq(RUN("-q", "ls", "--mode", "nonsense"), GOES_ON);
	cr_assert_str_eq(cmd[0], "ls");
	cr_assert_str_eq(cmd[1], "--mode");
	cr_assert(c.quiet);
	cr_assert_eq(RUN("--", "--odd"), GOES_ON);
	cr_assert_str_eq(cmd[0], "--odd");
}

Test(options, settings_are_taken)
{
	cr_assert_eq(RUN("--mode=deny", "--keep", "3", "--keep", "7-9", "--intent", "none",
			 "--on-error", "deny", "--no-follow", "--clamp-open-max", "--no-argv",
			 "--log-what", "all", "--rule", "keep fd=4", "--rule", "deny fd=5 # why",
			 "x"),
		     GOES_ON);
	cr_assert_eq(config_finish(&c), 0);
	cr_assert_eq(c.settings.policy.verdict, FDF_DENY);
	cr_assert(fdf_ranges_have(c.settings.policy.keep, 3) &&
		  fdf_ranges_have(c.settings.policy.keep, 8));
	cr_assert_eq(c.settings.policy.intent, 0);
	cr_assert(c.settings.on_error_deny && c.settings.log_all);
	cr_assert_not(c.settings.follow);
	cr_assert(c.settings.clamp);
	cr_assert_not(c.settings.log_argv);
	cr_assert_eq(c.settings.policy.nrules, 2);
	cr_assert_eq(c.settings.rules[0].verdict, FDF_KEEP);
	cr_assert_eq(c.settings.rules[1].verdict, FDF_DENY);
}

Test(options, what_does_not_parse_is_refused)
{
	cr_assert_eq(RUN("x", "y"), GOES_ON);
	cr_assert_eq(RUN("--mode", "sael", "x"), EXIT_OWN);
	cr_assert_eq(RUN("--keep", "3,", "x"), EXIT_OWN);
	cr_assert_eq(RUN("--rule", "kep", "x"), EXIT_OWN);
	cr_assert_eq(RUN("--rules", "/does/not/exist", "x"), EXIT_OWN);
	cr_assert_eq(RUN("--nonsense", "x"), EXIT_OWN);
	cr_assert_eq(RUN("--no-argv=1", "x"), EXIT_OWN);
	cr_assert_eq(RUN("--mode"), EXIT_OWN);
	cr_assert_eq(RUN("-q"), EXIT_OWN);
	cr_assert_eq(RUN("--seal", "x"), EXIT_OWN, "an option of check only");
	cr_assert_eq(CHECK("--mode", "seal", "x"), EXIT_OWN, "an option of run only");
}

Test(options, error_exitcode_keeps_off_the_statuses_of_other_failures)
{
	cr_assert_eq(l.error_exitcode, 99);
	cr_assert_eq(CHECK("--error-exitcode", "3", "x"), GOES_ON);
	cr_assert_eq(l.error_exitcode, 3);
	cr_assert_eq(CHECK("--error-exitcode=0", "x"), GOES_ON);
	cr_assert_eq(CHECK("--error-exitcode=255", "x"), GOES_ON);
	cr_assert_eq(CHECK("--error-exitcode=125", "x"), EXIT_OWN);
	cr_assert_eq(CHECK("--error-exitcode=127", "x"), EXIT_OWN);
	cr_assert_eq(CHECK("--error-exitcode=256", "x"), EXIT_OWN);
	cr_assert_eq(CHECK("--error-exitcode=-1", "x"), EXIT_OWN);
	cr_assert_eq(CHECK("--error-exitcode=", "x"), EXIT_OWN);
	cr_assert_eq(CHECK("--error-exitcode=3x", "x"), EXIT_OWN);
}

Test(options, an_option_goes_before_the_environment)
{
	setenv("FDFENCE_MODE", "deny", 1);
	setenv("FDFENCE_INTENT", "none", 1);
	setenv("FDFENCE_RULES", "keep fd=9", 1);
	cr_assert_eq(RUN("--mode", "report", "--rule", "seal fd=8", "x"), GOES_ON);
	cr_assert_eq(config_finish(&c), 0);
	cr_assert_eq(c.settings.policy.verdict, FDF_REPORT);
	cr_assert_eq(c.settings.policy.intent, 0);
	cr_assert_eq(c.settings.policy.nrules, 1);
	cr_assert_eq(c.settings.rules[0].verdict, FDF_SEAL);
	config_export(&c);
	cr_assert_str_eq(getenv("FDFENCE_MODE"), "report");
	cr_assert_str_eq(getenv("FDFENCE_INTENT"), "none");
	cr_assert_str_eq(getenv("FDFENCE_RULES"), "seal fd=8");
}

Test(options, a_bad_variable_is_refused)
{
	setenv("FDFENCE_INTENT", "everything", 1);
	cr_assert_eq(RUN("-q", "x"), GOES_ON);
	cr_assert_eq(config_finish(&c), -1);
}

static char *rules_file(const char *text)
{
	char *path = must_dup("/tmp/fdfence-unit-XXXXXX");
	int fd = mkstemp(path);

	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	close(fd);
	return path;
}

Test(options, a_rules_file_is_inlined_without_its_comments)
{
	char *path = rules_file("# head\n\n  # more\nkeep fd=3 # why\n\nkeep path=/a\\#b\nseal");

	setenv("FDFENCE_RULES_FILE", "/does/not/exist", 1);
	cr_assert_eq(RUN("--rules", path, "x"), GOES_ON);
	cr_assert_eq(config_finish(&c), 0);
	config_export(&c);
	cr_assert_str_eq(getenv("FDFENCE_RULES"), "keep fd=3 # why\nkeep path=/a\\#b\nseal");
	cr_assert_null(getenv("FDFENCE_RULES_FILE"), "the option replaced it");
	unlink(path);
	free(path);
}

Test(options, the_rules_file_of_the_environment_stands_behind_its_rules)
{
	char *path = rules_file("deny fd=2\n");

	setenv("FDFENCE_RULES", "keep fd=1", 1);
	setenv("FDFENCE_RULES_FILE", path, 1);
	cr_assert_eq(RUN("-q", "x"), GOES_ON);
	cr_assert_eq(config_finish(&c), 0);
	cr_assert_eq(c.settings.policy.nrules, 2);
	cr_assert_eq(c.settings.rules[1].verdict, FDF_DENY);
	unlink(path);
	free(path);
}

Test(options, rules_that_do_not_fit_the_environment_are_refused)
{
	char *big = must_alloc(140001), *path;

	memset(big, '#', 140000);
	path = rules_file(big);
	cr_assert_eq(RUN("--rules", path, "x"), EXIT_OWN);
	unlink(path);
	free(path);
	free(big);
}

static char seen[256];

static int note(void *ctx, const char *name, const char *value, unsigned line)
{
	size_t n = strlen(seen);

	(void)ctx;
	snprintf(seen + n, sizeof(seen) - n, "%u:%s=%s;", line, name ? name : "-",
		 value ? value : "-");
	return 0;
}

Test(options, profiles_are_rules_and_set_lines)
{
	char text[] = "# c\nset MODE=deny\nkeep fd=3\n  set INTENT=a=b\nset X\nsettle\nset\tLOG= "
		      "/x \r\nsetter\nset";

	cr_assert_eq(profile_split(text, note, NULL), 0);
	cr_assert_str_eq(seen, "2:MODE=deny;4:INTENT=a=b;5:X=-;7:LOG= /x;");
	cr_assert_str_eq(text, "# c\n             \nkeep fd=3\n                \n     \nsettle\n   "
			       "          \nsetter\nset");
}

Test(options, no_profile_lies_outside_its_directory)
{
	cr_assert_eq(RUN("--profile", "../profiles/strict", "x"), GOES_ON);
	cr_assert_eq(config_finish(&c), -1);
}

Test(options, help_and_version_are_answered)
{
	cr_assert_eq(RUN("--help"), 0);
	cr_assert_eq(CHECK("-h"), 0);
	cr_assert_eq(RUN("--version"), 0);
}

/* What completion offers is what the parser takes. */
static void every_word_is_taken(const struct options *o, void *ctx)
{
	const struct option_row *row;
	const char *w;
	size_t i, len;
	unsigned k;

	for (i = 0; (row = options_row(o, i)); i++)
		for (k = 0; (w = option_word(row, k, &len)); k++) {
			char *arg = must_printf("--%s=%.*s", row->name, (int)len, w);

			cr_assert_eq(parse(o, ctx, arg, "x", NULL), GOES_ON, "%s", arg);
			free(arg);
		}
}

Test(options, every_word_of_the_tables_is_taken)
{
	every_word_is_taken(&run, &c);
	cr_assert_eq(c.color, COLOR_NEVER);
	every_word_is_taken(command_check.options, &l);
	cr_assert_eq(l.outputs.asked.format[l.outputs.asked.nformats - 1], FORMATS - 1);
}

Test(options, every_row_has_a_help_and_no_name_comes_twice)
{
	const struct option_row *a, *b;
	size_t i, k;

	for (i = 0; (a = options_row(command_check.options, i)); i++) {
		cr_assert(a->help && *a->help, "--%s", a->name);
		for (k = 0; k < i; k++) {
			b = options_row(command_check.options, k);
			cr_assert_str_neq(a->name, b->name);
			cr_assert(!a->letter || a->letter != b->letter, "-%c", a->letter);
			cr_assert(a->id == OPT_SETTING || a->id != b->id, "--%s", a->name);
		}
	}
}

/* An option that names a setting which core does not know would abort. */
Test(options, every_option_can_be_given)
{
	cr_assert_eq(CHECK("--keep", "3", "--rule", "seal", "--profile", "ci", "--intent", "all",
			   "--no-argv", "--on-error", "allow", "--no-follow", "--clamp-open-max",
			   "--seal", "--error-exitcode", "1", "--format", "json",
			   "--gen-suppressions", "-o", "f", "--color", "never", "-q", "-v", "x"),
		     GOES_ON);
	cr_assert(l.seal && l.gen_suppressions && l.config.quiet && l.config.verbose);
	cr_assert_eq(l.outputs.asked.format[0], FORMAT_JSON);
	cr_assert_eq(l.config.color, COLOR_NEVER);
	cr_assert_str_eq(l.outputs.asked.path[0], "f");
	cr_assert_str_eq(l.config.profile, "ci");
}
