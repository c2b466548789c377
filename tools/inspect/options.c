/*
 * options.c: the options of `fdfence inspect`.
 */
#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/inspect/options.h"
#include "tools/proc/pinned.h"

enum { ALL = OPT_OWN, BY, LEAKS, SEALED, FORMAT, COLUMNS, WATCH, ERROR_EXITCODE };

#define BIT(c) ((view_set)1 << (c))
const view_set inspect_columns = BIT(C_TIME) | BIT(C_PID) | BIT(C_PPID) | BIT(C_UID) | BIT(C_COMM) |
				 BIT(C_FROM) | BIT(C_VERDICT) | BIT(C_REASON) | BIT(C_FD) |
				 BIT(C_TYPE) | BIT(C_ACCESS) | BIT(C_WHAT) | BIT(C_TARGET) |
				 BIT(C_CGROUP) | BIT(C_CONTAINER) | BIT(C_MNTNS) | BIT(C_PIDNS) |
				 BIT(C_ARGV) | BIT(C_UNIT) | BIT(C_SEVERITY) | BIT(C_NOTE);
#undef BIT

static const char *column_name(unsigned i)
{
	return view_column_name(inspect_columns, i);
}

static const struct option_row rows[] = {
	{ .id = ALL,
	  .letter = 'a',
	  .name = "all",
	  .help = "all processes instead of those that are named" },
	{ .id = BY,
	  .name = "by",
	  .arg = "WHAT",
	  .values = VALUES_ONE,
	  .words = "process unit program", /* enum inspect_by */
	  .help = "put together by process (default), unit (of systemd, or\n"
		  "else the cgroup) or program" },
	{ .id = LEAKS, .name = "leaks", .help = "only what the policy calls a leak" },
	{ .id = SEALED,
	  .name = "sealed",
	  .help = "also what is close-on-exec: the exec closes it" },
	{ .id = FORMAT,
	  .name = "format",
	  .arg = "FORMAT",
	  .values = VALUES_ONE,
	  .words = FORMAT_WORDS, /* enum format */
	  .help = "text (default), json (one record a line), or a report in\n"
		  "another; once for each --output" },
	{ .id = OPT_OUTPUT,
	  .letter = 'o',
	  .name = "output",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "to FILE instead of standard output" },
	{ .id = COLUMNS,
	  .name = "columns",
	  .arg = "LIST",
	  .values = VALUES_LIST,
	  .word = column_name,
	  .help = "columns of the text, with commas; 'help' lists them" },
	{ .id = WATCH,
	  .name = "watch",
	  .arg = "SECONDS",
	  .optional = true,
	  .help = "look again every so many seconds (default 2), and show\nwhat is new" },
	{ .id = ERROR_EXITCODE,
	  .name = "error-exitcode",
	  .arg = "N",
	  .help = "exit status if something would leak (default 0)" },
	{ .id = OPT_COLOR,
	  .name = "color",
	  .arg = "WHEN",
	  .values = VALUES_ONE,
	  .words = OUTPUT_COLOR_WORDS,
	  .help = "auto (default), always or never" },
	{ .id = OPT_QUIET, .letter = 'q', .name = "quiet", .help = "no closing line" },
	{ 0 },
};

static const struct option_row *const tables[] = { rows, config_filter_rows, config_policy_rows,
						   NULL };

static int take(void *ctx, const struct option_row *row, const char *arg)
{
	struct inspect_line *l = ctx;
	struct inspect_opts *o = &l->opts;

	switch (row->id) {
	case ALL:
		o->all = true;
		return 0;
	case BY:
		return option_one(row, arg, &o->by);
	case LEAKS:
		o->leaks = true;
		return 0;
	case SEALED:
		o->sealed = true;
		return 0;
	case FORMAT:
		return formats_take(&l->reports, row, arg);
	case OPT_OUTPUT:
		return formats_take_path(&l->reports, arg);
	case COLUMNS:
		o->columns = arg;
		return 0;
	case WATCH:
		o->watch = 2;
		return arg ? option_number(row, arg, 1, 86400, &o->watch) : 0;
	case ERROR_EXITCODE:
		return option_status(row, arg, &o->error_exitcode);
	default:
		return config_take(&l->config, row, arg);
	}
}

/* For completion: the processes that are there. */
static const char *pid_word(unsigned i)
{
	static char word[16];
	static int *list;
	static ssize_t n = -1;

	if (n < 0)
		n = proc_numbers(-1, "/proc", &list);
	if (n <= (ssize_t)i)
		return NULL;
	snprintf(word, sizeof(word), "%d", list[i]);
	return word;
}

const struct options inspect_options = {
	.name = "inspect",
	.about = "Show what live processes would let through at their next exec",
	.usage = "[OPTIONS] PID...\n[OPTIONS] --all",
	.rest = pid_word,
	.tables = tables,
	.take = take,
};

static int refuse(const char *message)
{
	say("inspect: %s", message);
	return -1;
}

static bool has_pid(const struct inspect_opts *o, pid_t pid)
{
	size_t i = 0;

	while (i < o->npids && o->pids[i] != pid)
		i++;
	return i < o->npids;
}

/* Each number once, or what it leaks would count twice. */
static int take_pids(struct inspect_opts *o, char *const *words)
{
	size_t n_words = 0;

	while (words[n_words])
		n_words++;
	o->pids = must_alloc(n_words * sizeof(*o->pids));
	for (; *words; words++) {
		const char *w = *words;
		unsigned long n;
		char *end;

		errno = 0;
		n = strtoul(w, &end, 10);
		if (!isdigit((unsigned char)*w) || *end || errno || !n || n > INT_MAX) {
			say("inspect '%s': expected the number of a process%s", w,
			    *w == '-' ? "; options stand before it" : "");
			return -1;
		}
		if (!has_pid(o, (pid_t)n))
			o->pids[o->npids++] = (pid_t)n;
	}
	return 0;
}

static int take_stream(struct inspect_line *l)
{
	struct formats *f = &l->reports;
	struct inspect_opts *o = &l->opts;
	struct formats_stream stream;

	f->to_stdout = true;
	if (formats_take_stream(f, "inspect", &stream))
		return -1;
	o->rows = stream.rows;
	o->json = stream.json;
	o->output = stream.path;
	return 0;
}

static int consistent_reports(const struct inspect_line *l)
{
	const struct inspect_opts *o = &l->opts;
	const char *format = l->reports.name[0];

	if (o->watch && (o->output || l->reports.nformats))
		return refuse(
			"--watch has no end, and writes text or records as it goes, to "
			"standard output: it goes with neither --output nor another --format");
	if (l->reports.nformats && o->sealed) {
		say("inspect: --sealed is for text and json: --format %s is of what would cross",
		    format);
		return -1;
	}
	if (l->reports.nformats && !o->rows && !o->json && (o->columns || o->by != BY_PROCESS)) {
		say("inspect: --columns and --by are for text, not for --format %s", format);
		return -1;
	}
	return 0;
}

static int consistent(const struct inspect_opts *o)
{
	if (o->all && o->npids)
		return refuse("--all and the number of a process exclude each other");
	if (!o->all && !o->npids)
		return refuse("expected the number of a process, or --all; fdfence inspect --help");
	if (o->leaks && o->sealed)
		return refuse("--leaks and --sealed exclude each other");
	if (o->by != BY_PROCESS && (o->json || o->columns || o->watch))
		return refuse("--by unit and --by program go with neither --format json, --columns "
			      "nor --watch");
	if (o->json && o->columns)
		return refuse("--columns is for text, not for --format json");
	return 0;
}

/* What the settings of all subcommands mean here. */
static void settle(struct inspect_line *l)
{
	const struct config *c = &l->config;
	struct inspect_opts *o = &l->opts;

	o->policy = c->settings.policy;
	o->policy.verdict = FDF_SEAL; /* MODE is for the fence: here nothing is done */
	o->filter = c->filter;
	o->argv = c->settings.log_argv;
	o->quiet = c->quiet;
}

int inspect_line_parse(struct inspect_line *l, int argc, char **argv)
{
	char **rest;
	int r;

	l->opts = (struct inspect_opts){ 0 };
	l->reports = (struct formats){ 0 };
	config_init(&l->config);
	r = options_parse(&inspect_options, argc, argv, l, &rest);
	if (r != OPTIONS_CONTINUE)
		return r;
	if (l->opts.columns && !strcmp(l->opts.columns, "help")) {
		view_columns_help(stdout, inspect_columns);
		return 0;
	}
	config_tell_unknown();
	if (config_finish(&l->config))
		return EXIT_OWN;
	settle(l);
	if ((rest && take_pids(&l->opts, rest)) || take_stream(l) || consistent(&l->opts) ||
	    consistent_reports(l))
		return EXIT_OWN;
	return OPTIONS_CONTINUE;
}

void inspect_line_free(struct inspect_line *l)
{
	config_free(&l->config);
	free(l->opts.pids);
}
