/*
 * options.c: the options of `fdfence trace`.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/base/output.h"
#include "tools/kernel/request.h"
#include "tools/options/config.h"
#include "tools/trace/options.h"
#include "tools/trace/text.h"

enum {
	PID = OPT_OWN,
	SHOW,
	ACTS,
	MIN_SEVERITY,
	FORMAT,
	COLUMNS,
	ROTATE,
	KEEP_FILES,
	SUMMARY,
	SNAPSHOT,
	KILL,
	DURATION,
	RING,
	MAX_FDS,
};

static const struct option_row rows[] = {
	{ .id = PID,
	  .letter = 'p',
	  .name = "pid",
	  .arg = "PID",
	  .help = "follow this process and what it starts" },
	{ .id = SHOW,
	  .name = "show",
	  .arg = "WHAT",
	  .values = VALUES_LIST,
	  .words = "leaked kept would clean all", /* bits of enum trace_show, and all of them */
	  .help = "list of leaked (default), kept, would, clean; or all;\n"
		  "would: sealed by close_range before the exec" },
	{ .id = ACTS,
	  .name = "acts",
	  .arg = "WHEN",
	  .values = VALUES_ONE,
	  .words = "no yes auto", /* enum trace_acts */
	  .help = "see close-on-exec being cleared, dup2 before an exec and\n"
		  "pairs made for a child, which mean a descriptor: yes, no,\n"
		  "auto (default: with CMD or --pid); costs every system\n"
		  "call of the machine 50 to 150 ns" },
	{ .id = MIN_SEVERITY,
	  .name = "min-severity",
	  .arg = "LEVEL",
	  .values = VALUES_ONE,
	  .words = SEVERITY_WORDS,
	  .help = "only descriptors as severe as this, or worse" },
	{ .id = FORMAT,
	  .name = "format",
	  .arg = "FORMAT",
	  .values = VALUES_ONE,
	  .words = FORMAT_WORDS, /* enum format */
	  .help = "text (default), json (one record a line), or a report at\n"
		  "the end in another; once for each --output" },
	{ .id = COLUMNS,
	  .name = "columns",
	  .arg = "LIST",
	  .values = VALUES_LIST,
	  .word = trace_text_column,
	  .help = "columns of the text, with commas; 'help' lists them" },
	{ .id = OPT_OUTPUT,
	  .letter = 'o',
	  .name = "output",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "text and records are appended, and SIGHUP reopens FILE;\n"
		  "a report replaces it" },
	{ .id = ROTATE,
	  .name = "rotate",
	  .arg = "SIZE",
	  .help = "rename FILE to FILE.1 when it is larger (k, M, G)" },
	{ .id = KEEP_FILES,
	  .name = "keep-files",
	  .arg = "N",
	  .help = "rotated files to keep (default 5)" },
	{ .id = SUMMARY,
	  .name = "summary",
	  .help = "count in the kernel by (from, into, target), print at\nthe end" },
	{ .id = SNAPSHOT,
	  .name = "snapshot",
	  .help = "list what live processes would let through now, and exit" },
	{ .id = KILL,
	  .name = "kill",
	  .help = "kill a process whose exec leaks what a rule says 'deny'" },
	{ .id = DURATION,
	  .name = "duration",
	  .arg = "SECONDS",
	  .help = "stop watching after this time" },
	{ .id = RING,
	  .name = "ring",
	  .arg = "MIB",
	  .help = "size of the ring, a power of two (default 8)" },
	{ .id = MAX_FDS,
	  .name = "max-fds",
	  .arg = "N",
	  .help = "descriptors looked at in one exec (default 4096)" },
	{ .id = OPT_COLOR,
	  .name = "color",
	  .arg = "WHEN",
	  .values = VALUES_ONE,
	  .words = OUTPUT_COLOR_WORDS,
	  .help = "auto (default), always or never" },
	{ .id = OPT_QUIET, .letter = 'q', .name = "quiet", .help = "no closing line" },
	{ .id = OPT_VERBOSE,
	  .letter = 'v',
	  .name = "verbose",
	  .help = "show what the verifier counted, and what libbpf says\nwhen loading fails" },
	{ 0 },
};

static const struct option_row *const tables[] = { config_policy_rows, config_filter_rows,
						   config_into_rows, rows, NULL };

static int take_size(const struct option_row *row, const char *s, unsigned long long *to)
{
	static const char units[] = "kMGT";
	unsigned long long n;
	const char *u;
	char *end;

	errno = 0;
	n = strtoull(s, &end, 10);
	u = *end ? strchr(units, *end) : NULL;
	if (!isdigit((unsigned char)*s) || errno || !n || n >> 20 || (*end && (!u || end[1])))
		return option_refuse(row, s, "a size below 1048576 units, such as 500k, 10M or 1G");
	*to = u ? n << 10 * (u - units + 1) : n;
	return 0;
}

static int take_show(const struct option_row *row, const char *arg, unsigned *to)
{
	const unsigned all = SHOW_LEAKED | SHOW_KEPT | SHOW_WOULD | SHOW_CLEAN;

	if (option_list(row, arg, to))
		return -1;
	if (*to > all)
		*to = all;
	return 0;
}

static int take_duration(const struct option_row *row, const char *arg, double *to)
{
	char *end;
	double d = strtod(arg, &end);

	if (!*arg || *end || !(d > 0 && d < 1e9))
		return option_refuse(row, arg, "seconds, more than 0");
	*to = d;
	return 0;
}

static int take_ring(const struct option_row *row, const char *arg, unsigned *to)
{
	unsigned n;

	if (option_number(row, arg, 1, 1024, &n))
		return -1;
	if (n & (n - 1))
		return option_refuse(row, arg, "a power of two");
	*to = n;
	return 0;
}

static bool *flag_of(struct trace_opts *o, int id)
{
	switch (id) {
	case SUMMARY:
		return &o->summary;
	case SNAPSHOT:
		return &o->snapshot;
	case KILL:
		return &o->kill;
	default:
		return NULL;
	}
}

static int take_value(struct trace_opts *o, const struct option_row *row, const char *arg)
{
	switch (row->id) {
	case PID:
		return option_number(row, arg, 1, 4194304, &o->pid);
	case SHOW:
		return take_show(row, arg, &o->show);
	case ACTS:
		return option_one(row, arg, &o->acts_given);
	case MIN_SEVERITY:
		return option_one(row, arg, &o->min_severity);
	case ROTATE:
		return take_size(row, arg, &o->rotate);
	case KEEP_FILES:
		return option_number(row, arg, 1, 1000, &o->keep_files);
	case DURATION:
		return take_duration(row, arg, &o->duration);
	case RING:
		return take_ring(row, arg, &o->ring_mib);
	default: /* MAX_FDS */
		return option_number(row, arg, 1, 1 << 20, &o->max_fds);
	}
}

static int take(void *ctx, const struct option_row *row, const char *arg)
{
	struct trace_line *l = ctx;
	bool *flag = flag_of(&l->opts, row->id);

	if (row->id == FORMAT)
		return formats_take(&l->reports, row, arg);
	if (row->id == OPT_OUTPUT)
		return formats_take_path(&l->reports, arg);
	if (row->id < OPT_OWN)
		return config_take(&l->config, row, arg);
	if (row->id == COLUMNS)
		l->opts.columns = arg;
	else if (flag)
		*flag = true;
	else
		return take_value(&l->opts, row, arg);
	return 0;
}

const struct options trace_options = {
	.name = "trace",
	.about = "Watch execs of the whole system or one tree from the kernel",
	.usage = "[OPTIONS]\n[OPTIONS] --pid PID\n[OPTIONS] -- CMD [ARGS...]",
	.tables = tables,
	.take = take,
};

static int refuse(const char *message)
{
	say("trace: %s", message);
	return -1;
}

static int take_stream(struct trace_line *l)
{
	struct formats *f = &l->reports;
	struct trace_opts *o = &l->opts;
	struct formats_stream stream;

	f->to_stdout = true;
	f->shared = o->cmd;
	if (formats_take_stream(f, "trace", &stream))
		return -1;
	o->rows = stream.rows;
	o->json = stream.json;
	o->output = stream.path;
	return 0;
}

static int consistent_reports(const struct trace_line *l)
{
	const struct trace_opts *o = &l->opts;
	const char *format = l->reports.name[0];

	if (!l->reports.nformats)
		return 0;
	if (o->summary) {
		say("trace: --summary is for text and json; --format %s counts by itself", format);
		return -1;
	}
	if (!o->rows && !o->json && (o->show != SHOW_LEAKED || o->columns || o->rotate)) {
		say("trace: --show, --columns and --rotate are for text and json, not for --format "
		    "%s, which is written at the end, of what crossed",
		    format);
		return -1;
	}
	return 0;
}

static int consistent(const struct trace_opts *o)
{
	if (o->pid && o->cmd)
		return refuse("--pid and a command exclude each other");
	if (o->summary && o->show & (SHOW_WOULD | SHOW_CLEAN))
		return refuse("--summary goes with neither --show would nor --show clean");
	if (o->summary && o->columns)
		return refuse("--summary has columns of its own: it goes without --columns");
	if (o->keep_files && !o->rotate)
		return refuse("--keep-files needs --rotate");
	if (o->rotate && !o->output)
		return refuse("--rotate needs --output");
	if (o->rotate && descriptor_named(o->output) >= 0)
		return refuse("--rotate needs an --output that is a file of its own, not a "
			      "descriptor that is open already");
	if (o->snapshot && (o->cmd || o->summary || o->kill))
		return refuse("--snapshot goes with neither a command, --summary nor --kill");
	return 0;
}

/* What the settings of all subcommands mean here. */
static void settle(struct trace_line *l)
{
	const struct config *c = &l->config;
	struct trace_opts *o = &l->opts;

	o->policy = c->settings.policy;
	o->policy.verdict = FDF_SEAL; /* MODE is for the fence: here nothing is done to an exec */
	o->no_argv = !c->settings.log_argv;
	o->filter = c->filter;
	o->quiet = c->quiet;
	o->verbose = c->verbose;
	o->acts = o->acts_given == ACTS_AUTO ? o->cmd || o->pid : o->acts_given == ACTS_YES;
}

int trace_line_parse(struct trace_line *l, int argc, char **argv)
{
	struct trace_opts *o = &l->opts;
	int r;

	l->reports = (struct formats){ 0 };
	*o = (struct trace_opts){
		.show = SHOW_LEAKED, .ring_mib = 8, .max_fds = 4096, .acts_given = ACTS_AUTO
	};
	config_init(&l->config);
	r = options_parse(&trace_options, argc, argv, l, &o->cmd);
	if (r != OPTIONS_CONTINUE)
		return r;
	if (o->columns && !strcmp(o->columns, "help")) {
		trace_text_help(stdout);
		return 0;
	}
	if (config_finish(&l->config))
		return EXIT_OWN;
	config_tell_unknown();
	settle(l);
	if (take_stream(l) || consistent_reports(l) || consistent(o))
		return EXIT_OWN;
	if (!o->keep_files)
		o->keep_files = 5;
	return OPTIONS_CONTINUE;
}
