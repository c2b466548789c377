/*
 * options.c: the parser and the help text of every subcommand's table.
 */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/options/options.h"

#define HELP_COLUMN 29
#define LONG_BASE   1000 /* getopt's value of long option i; short ones are their letter */

static const struct option_row common[] = {
	{ .id = OPT_HELP, .letter = 'h', .name = "help", .help = "this text" },
	{ .id = OPT_VERSION, .name = "version", .help = "the version" },
	{ 0 },
};

const struct option_row *options_row(const struct options *o, size_t i)
{
	const struct option_row *const *table, *row;

	for (table = o->tables; *table; table++)
		for (row = *table; row->name; row++)
			if (i-- == 0)
				return row;
	return i < sizeof(common) / sizeof(common[0]) - 1 ? &common[i] : NULL;
}

static void help_row(const struct option_row *row)
{
	const char *line = row->help, *nl;
	int n = row->letter ? printf("  -%c, ", row->letter) : printf("      ");

	n += printf("--%s", row->name);
	if (row->arg)
		n += printf(row->optional ? "[=%s]" : " %s", row->arg);
	printf("%*s", n < HELP_COLUMN ? HELP_COLUMN - n : 2, "");
	for (; (nl = strchr(line, '\n')); line = nl + 1)
		printf("%.*s\n%*s", (int)(nl - line), line, HELP_COLUMN, "");
	printf("%s\n", line);
}

/*
 * Sample:
 *	Usage: fdfence check [OPTIONS] -- CMD [ARGS...]
 *	Run a command and report what leaks anywhere below it.
 *
 *	  -o, --output FILE          report to FILE instead of stderr
 */
static void help(const struct options *o)
{
	const struct option_row *row;
	const char *form = o->usage, *nl;
	size_t i;

	for (; (nl = strchr(form, '\n')); form = nl + 1)
		printf("%s fdfence %s %.*s\n", form == o->usage ? "Usage:" : "      ", o->name,
		       (int)(nl - form), form);
	printf("%s fdfence %s %s\n", form == o->usage ? "Usage:" : "      ", o->name, form);
	printf("%s.\n\n", o->about);
	for (i = 0; (row = options_row(o, i)); i++)
		help_row(row);
	printf("\nman fdfence-%s tells more.\n", o->name);
}

/* What getopt_long(3) wants. */
struct getopt_tables {
	struct option *longs;
	char *shorts;
};

static struct getopt_tables build(const struct options *o)
{
	struct getopt_tables g;
	const struct option_row *row;
	size_t i, n = 0;
	char *s;

	while (options_row(o, n))
		n++;
	g.longs = must_alloc((n + 1) * sizeof(*g.longs));
	g.shorts = s = must_alloc(2 * n + 3);
	*s++ = '+'; /* stop at the first word that is no option */
	*s++ = ':'; /* tell a missing argument from an unknown option */
	for (i = 0; (row = options_row(o, i)); i++) {
		g.longs[i] = (struct option){ row->name,
					      !row->arg	      ? no_argument
					      : row->optional ? optional_argument
							      : required_argument,
					      NULL, LONG_BASE + (int)i };
		if (row->letter)
			*s++ = row->letter;
		if (row->letter && row->arg)
			*s++ = ':';
	}
	return g;
}

static const struct option_row *row_of(const struct options *o, int val)
{
	const struct option_row *row;
	size_t i;

	if (val >= LONG_BASE)
		return options_row(o, (size_t)(val - LONG_BASE));
	for (i = 0; (row = options_row(o, i)) && row->letter != val; i++)
		;
	return row;
}

static int refuse(const struct options *o, int val, char **argv)
{
	const struct option_row *row = val == ':' ? row_of(o, optopt) : NULL;

	if (row)
		say("--%s: expected %s behind it", row->name, row->arg);
	else if (optopt && optopt < LONG_BASE)
		say("-%c: no such option; fdfence %s --help lists them", optopt, o->name);
	else
		say("%s: no such option, or it takes no argument; fdfence %s --help lists them",
		    argv[optind - 1], o->name);
	return EXIT_OWN;
}

/*
 * getopt_long(3) takes any beginning that is one option's alone.  What that is differs between
 * subcommands and changes with each new option, which no script should depend on.
 */
static bool is_whole(const struct option_row *row, char **argv)
{
	const char *word = argv[optind - 1];

	if (row->arg && word == optarg)
		word = argv[optind - 2];
	if (strcspn(word + 2, "=") == strlen(row->name))
		return true;
	say("%.*s: no such option; --%s is meant?", (int)strcspn(word, "="), word, row->name);
	return false;
}

static int one(const struct options *o, int val, char **argv, void *ctx)
{
	const struct option_row *row;

	if (val == '?' || val == ':')
		return refuse(o, val, argv);
	row = row_of(o, val);
	if (val >= LONG_BASE && !is_whole(row, argv))
		return EXIT_OWN;
	switch (row->id) {
	case OPT_HELP:
		help(o);
		return 0;
	case OPT_VERSION:
		puts("fdfence " FDFENCE_VERSION);
		return 0;
	default:
		return o->take(ctx, row, optarg) ? EXIT_OWN : OPTIONS_CONTINUE;
	}
}

int options_parse(const struct options *o, int argc, char **argv, void *ctx, char ***rest)
{
	struct getopt_tables g = build(o);
	int val, r = OPTIONS_CONTINUE;
	const char *value = NULL; /* of the last option */
	bool closed;		  /* by a "--" that is no value */

	optind = 0; /* glibc: start afresh */
	opterr = 0;
	while (r == OPTIONS_CONTINUE &&
	       (val = getopt_long(argc, argv, g.shorts, g.longs, NULL)) != -1) {
		value = optarg;
		r = one(o, val, argv, ctx);
	}
	free(g.longs);
	free(g.shorts);
	if (r != OPTIONS_CONTINUE)
		return r;
	*rest = optind < argc ? argv + optind : NULL;
	closed = !strcmp(argv[optind - 1], "--") && argv[optind - 1] != value;
	/* Behind a "--" there has to be something, even where it need not be. */
	if (*rest || (!o->needs && !closed))
		return OPTIONS_CONTINUE;
	say("%s: expected %s behind the options; fdfence %s --help", o->name,
	    o->needs ? o->needs : "a command", o->name);
	return EXIT_OWN;
}

/* Each word is for the next round what argv[0] is for the first. */
int options_words(const struct options *o, int argc, char **argv, void *ctx, char **words,
		  size_t max, size_t *n)
{
	struct options round = *o;
	char **rest;
	int r;

	for (*n = 0;; words[(*n)++] = *rest, round.needs = NULL) {
		r = options_parse(&round, argc, argv, ctx, &rest);
		if (r != OPTIONS_CONTINUE || !rest)
			return r;
		if (*n == max) {
			say("%s '%s': expected nothing behind it", o->name, *rest);
			return EXIT_OWN;
		}
		argc -= (int)(rest - argv);
		argv = rest;
	}
}
