/*
 * options.c: the option table, the parser and the help text made from it.
 */
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/options/options.h"

static const struct option_row rows[] = {
	{ OPT_SETTING, 0, "mode", "MODE", "MODE", NULL, FOR_RUN | FOR_EXPLAIN,
	  "what happens to a descriptor that nobody meant:\nseal (default), report, deny, abort, "
	  "off" },
	{ OPT_SETTING, 0, "keep", "RANGES", "KEEP", NULL, FOR_ALL,
	  "numbers that every exec keeps, such as 3,7-9" },
	{ OPT_RULE, 0, "rule", "RULE", NULL, NULL, FOR_ALL,
	  "one rule, such as 'keep into=less fd=9'; repeatable,\nthe first rule that matches "
	  "wins" },
	{ OPT_RULES, 0, "rules", "FILE", NULL, NULL, FOR_ALL, "rules from a file" },
	{ OPT_PROFILE, 0, "profile", "NAME", NULL, NULL, FOR_ALL,
	  "a named set of rules: strict, default, ci, server" },
	{ OPT_SETTING, 0, "intent", "MEMBERS", "INTENT", NULL, FOR_ALL,
	  "signs that a descriptor is meant: all (default), none,\n"
	  "or a list of given,image,act,precise,generic,dup2;\n-MEMBER takes one away" },
	{ OPT_LOG, 0, "log", "FILE", NULL, NULL, FOR_RUN,
	  "append a record of each exec that has a leak" },
	{ OPT_SETTING, 0, "log-what", "WHAT", "LOG_WHAT", NULL, FOR_RUN,
	  "leaks (default), or all: every exec and start" },
	{ OPT_SETTING, 0, "no-argv", NULL, "LOG_ARGV", "no", FOR_ALL,
	  "leave arguments out of records" },
	{ OPT_SETTING, 0, "on-error", "WHAT", "ON_ERROR", NULL, FOR_ALL,
	  "where sealing is impossible: allow (default), or deny\nthe exec" },
	{ OPT_SETTING, 0, "no-follow", NULL, "FOLLOW", "no", FOR_ALL,
	  "do not put the fence back into environments that lack it" },
	{ OPT_INHERIT, 0, "inherit", NULL, NULL, NULL, FOR_RUN | FOR_EXPLAIN,
	  "give CMD every descriptor that fdfence was given" },
	{ OPT_EXPLAIN, 0, "explain", NULL, NULL, NULL, FOR_RUN,
	  "say for each descriptor what decided (fdfence explain)" },
	{ OPT_SEAL, 0, "seal", NULL, NULL, NULL, FOR_CHECK,
	  "seal what leaks too; by default it is let through" },
	{ OPT_ERROR_EXITCODE, 0, "error-exitcode", "N", NULL, NULL, FOR_CHECK,
	  "exit status when something leaks (default 99);\n0: always that of CMD" },
	{ OPT_FORMAT, 0, "format", "FORMAT", NULL, NULL, FOR_CHECK, "text (default) or json" },
	{ OPT_GEN_SUPPRESSIONS, 0, "gen-suppressions", NULL, NULL, NULL, FOR_CHECK,
	  "print a keep rule for each leak, ready for --rules" },
	{ OPT_OUTPUT, 'o', "output", "FILE", NULL, NULL, FOR_CHECK | FOR_EXPLAIN,
	  "report to FILE instead of stderr" },
	{ OPT_COLOR, 0, "color", "WHEN", NULL, NULL, FOR_CHECK | FOR_EXPLAIN,
	  "auto (default), always or never" },
	{ OPT_QUIET, 'q', "quiet", NULL, NULL, NULL, FOR_ALL, "say only what went wrong" },
	{ OPT_VERBOSE, 'v', "verbose", NULL, NULL, NULL, FOR_ALL, "say what is set at the start" },
	{ OPT_HELP, 'h', "help", NULL, NULL, NULL, FOR_ALL, "this text" },
	{ OPT_VERSION, 0, "version", NULL, NULL, NULL, FOR_ALL, "the version" },
};

#define NROWS (sizeof(rows) / sizeof(rows[0]))

/* Sample:   -o, --output FILE        report to FILE instead of stderr */
static void help_row(FILE *out, const struct option_row *row)
{
	const char *line = row->help, *nl;
	int n = row->letter ? fprintf(out, "  -%c, ", row->letter) : fprintf(out, "      ");

	n += fprintf(out, "--%s%s%s", row->name, row->arg ? " " : "", row->arg ? row->arg : "");
	fprintf(out, "%*s", n < 29 ? 29 - n : 2, "");
	while ((nl = strchr(line, '\n'))) {
		fprintf(out, "%.*s\n%29s", (int)(nl - line), line, "");
		line = nl + 1;
	}
	fprintf(out, "%s\n", line);
}

static void help(const char *name, unsigned command)
{
	size_t i;

	printf("Usage: fdfence %s [OPTIONS] -- CMD [ARGS...]\n\n", name);
	for (i = 0; i < NROWS; i++)
		if (rows[i].commands & command)
			help_row(stdout, &rows[i]);
	printf("\nman fdfence-%s tells more.\n", name);
}

/* Fill in what getopt_long wants; val is the row's place + 1, so that 0 stays free. */
static void build(unsigned command, struct option *longs, char *shorts)
{
	size_t i;

	*shorts++ = '+';
	*shorts++ = ':';
	for (i = 0; i < NROWS; i++) {
		if (!(rows[i].commands & command))
			continue;
		*longs++ = (struct option){ rows[i].name,
					    rows[i].arg ? required_argument : no_argument, NULL,
					    1000 + (int)i };
		if (rows[i].letter) {
			*shorts++ = rows[i].letter;
			if (rows[i].arg)
				*shorts++ = ':';
		}
	}
	*longs = (struct option){ 0 };
	*shorts = '\0';
}

static const struct option_row *row_of(int val)
{
	size_t i;

	if (val >= 1000)
		return &rows[val - 1000];
	for (i = 0; i < NROWS; i++)
		if (rows[i].letter == val)
			return &rows[i];
	return NULL;
}

static int refuse(const char *name, int val, char **argv)
{
	const struct option_row *row = val == ':' ? row_of(optopt) : NULL;

	if (row)
		say("--%s: expected %s behind it", row->name, row->arg);
	else if (optopt && optopt < 256)
		say("-%c: no such option; fdfence %s --help lists them", optopt, name);
	else
		say("%s: no such option, or it takes no argument; fdfence %s --help lists them",
		    argv[optind - 1], name);
	return -1;
}

int options_parse(unsigned command, int argc, char **argv,
		  int (*take)(void *ctx, const struct option_row *row, const char *arg), void *ctx,
		  char ***cmd)
{
	struct option longs[NROWS + 1];
	char shorts[3 * NROWS + 3];
	const struct option_row *row;
	int val;

	build(command, longs, shorts);
	optind = 0; /* glibc: start afresh */
	opterr = 0;
	while ((val = getopt_long(argc, argv, shorts, longs, NULL)) != -1) {
		if (val == '?' || val == ':')
			return refuse(argv[0], val, argv);
		row = row_of(val);
		if (row->id == OPT_HELP) {
			help(argv[0], command);
			return 1;
		}
		if (row->id == OPT_VERSION) {
			puts("fdfence " FDFENCE_VERSION);
			return 1;
		}
		if (take(ctx, row, optarg))
			return -1;
	}
	if (optind >= argc) {
		say("%s: expected a command behind the options; fdfence %s --help", argv[0],
		    argv[0]);
		return -1;
	}
	*cmd = argv + optind;
	return 0;
}
