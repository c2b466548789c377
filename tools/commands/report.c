/*
 * report.c: fdfence report: records that were written earlier, of many runs and machines.
 *
 * Everything is read before anything is written; files are written aside and renamed.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/commands/command.h"
#include "tools/commands/files.h"
#include "tools/commands/outputs.h"
#include "tools/options/config.h"
#include "tools/render/render.h"
#include "tools/report/merge.h"
#include "tools/report/older.h"
#include "tools/report/select.h"

enum {
	MIN_SEVERITY = OPT_OWN,
	OUTCOME,
	DIFF,
	TREE,
	FORMAT,
	HTML,
	GEN_SUPPRESSIONS,
	GEN_RULES,
	EXPLAIN_KEPT,
	ERROR_EXITCODE,
};

enum { EXIT_SKIPPED = 1 }; /* the report is there, and not all that was read is in it */

static const char *outcome_name(unsigned i)
{
	return i < LEAK_OUTCOMES ? leak_outcome_name((enum leak_outcome)i) : NULL;
}

static const struct option_row rows[] = {
	{ .id = MIN_SEVERITY,
	  .name = "min-severity",
	  .arg = "LEVEL",
	  .values = VALUES_ONE,
	  .words = SEVERITY_WORDS,
	  .help = "report and count what is as severe as this, or worse" },
	{ .id = OUTCOME,
	  .name = "outcome",
	  .arg = "OUTCOMES",
	  .values = VALUES_LIST,
	  .word = outcome_name,
	  .help = "only leaks of which this became" },
	{ .id = DIFF,
	  .name = "diff",
	  .arg = "OLD",
	  .values = VALUES_FILE,
	  .help = "what leaks in OLD is known: report what is new in the\nothers, and what is "
		  "gone" },
	{ .id = TREE, .name = "tree", .help = "who started what, with the leaks on its branches" },
	{ .id = HTML,
	  .name = "html",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "write a page to look at: one file without network" },
	{ .id = FORMAT,
	  .name = "format",
	  .arg = "FORMAT",
	  .values = VALUES_ONE,
	  .words = FORMAT_WORDS, /* enum format */
	  .help = "text (default), or one for machines; once for\neach --output" },
	{ .id = GEN_SUPPRESSIONS,
	  .name = "gen-suppressions",
	  .help = "print a keep rule for each leak, ready for --rules" },
	{ .id = GEN_RULES,
	  .name = "gen-rules",
	  .help = "print nothing but these rules, each below what it\nkeeps, for /etc/fdfence.d" },
	{ .id = EXPLAIN_KEPT,
	  .name = "explain-kept",
	  .help = "list what was kept for a weak reason: given, a shell,\n"
		  "a generic convention" },
	{ .id = ERROR_EXITCODE,
	  .name = "error-exitcode",
	  .arg = "N",
	  .help = "exit status if something leaks (default 0)" },
	{ .id = OPT_OUTPUT,
	  .letter = 'o',
	  .name = "output",
	  .arg = "FILE",
	  .values = VALUES_FILE,
	  .help = "the report to FILE instead of standard output" },
	{ .id = OPT_COLOR,
	  .name = "color",
	  .arg = "WHEN",
	  .values = VALUES_ONE,
	  .words = OUTPUT_COLOR_WORDS,
	  .help = "auto (default), always or never" },
	{ .id = OPT_QUIET, .letter = 'q', .name = "quiet", .help = "say only what went wrong" },
	{ 0 },
};

static const struct option_row *const tables[] = { rows, config_filter_rows, config_into_rows,
						   NULL };

struct report_line {
	struct config config;
	struct outputs outputs;
	const char *diff, *html;
	bool tree;
	struct render_options render;
	int min_severity; /* enum fdf_level */
	unsigned error_exitcode;
	unsigned outcomes;
};

static int take(void *ctx, const struct option_row *row, const char *arg)
{
	struct report_line *l = ctx;

	switch (row->id) {
	case MIN_SEVERITY:
		return option_one(row, arg, &l->min_severity);
	case OUTCOME:
		return option_list(row, arg, &l->outcomes);
	case DIFF:
		l->diff = arg;
		return 0;
	case TREE:
		l->tree = true;
		return 0;
	case FORMAT:
		return formats_take(&l->outputs.asked, row, arg);
	case HTML:
		l->html = output_named(arg);
		return 0;
	case GEN_SUPPRESSIONS:
		l->render.rules = true;
		return 0;
	case GEN_RULES:
		l->render.only_rules = true;
		return 0;
	case EXPLAIN_KEPT:
		l->render.kept = true;
		return 0;
	case ERROR_EXITCODE:
		return option_status(row, arg, &l->error_exitcode);
	case OPT_OUTPUT:
		return formats_take_path(&l->outputs.asked, arg);
	default:
		return config_take(&l->config, row, arg);
	}
}

static const struct options options = {
	.name = "report",
	.about = "Put together what earlier runs and other machines have recorded",
	.usage = "[OPTIONS] FILE...",
	.needs = "files of records, directories of them, or -",
	.rest_files = true,
	.tables = tables,
	.take = take,
};

static int worst_unlisted(const struct report *r)
{
	int worst = -1;

	for (int l = 0; l < FDF_LEVELS; l++)
		for (int o = 0; o < LEAK_OUTCOMES; o++)
			worst = r->lost_of[l][o] ? l : worst;
	return worst;
}

/* Read OLD alone.  0, or -1 after a message. */
static int read_old(const struct report_line *l, struct older *older, unsigned long *skipped)
{
	struct merge *m;
	struct files files;
	int r;

	if (files_find(&files, (char *[]){ (char *)l->diff, NULL }))
		return -1;
	if (!l->config.quiet)
		files_tell(&files);
	m = merge_new(&l->config.filter, false);
	merge_outcomes(m, l->outcomes);
	r = files_read(&files, m, skipped);
	if (!r)
		older->unlisted = worst_unlisted(merge_finish(m, older_take, older));
	merge_free(m);
	files_free(&files);
	return r;
}

static int open_tree(struct report_line *l, struct output *o)
{
	if (l->outputs.asked.npaths)
		return output_open(o, l->outputs.asked.path[0], (enum output_color)l->config.color);
	output_standard(o, stdout, (enum output_color)l->config.color);
	return 0;
}

/* All are open before anything is written to one of them. */
static int write_all(struct report_line *l, const struct merge *m, const struct report *r)
{
	enum output_color color = (enum output_color)l->config.color;
	struct output page, tree;
	int bad = 0;

	if (l->html && output_open(&page, l->html, COLOR_NEVER))
		return -1;
	if (l->tree ? open_tree(l, &tree) : outputs_open(&l->outputs, color)) {
		if (l->html)
			output_abandon(&page);
		return -1;
	}
	if (l->html) {
		render_html(page.file, r);
		bad |= output_close(&page);
	}
	l->render.quiet = l->config.quiet;
	if (l->tree) {
		l->render.color = tree.color;
		render_tree(tree.file, merge_programs(m), r, &l->render);
		return bad | output_close(&tree);
	}
	return bad | outputs_render(&l->outputs, r, l->render);
}

/* NULL: nothing is filtered.  The caller frees. */
static char *filters_of(const struct report_line *l)
{
	char *processes = filter_text(&l->config.filter), *outcomes, *text;
	const char *before = " --outcome ";
	size_t len;
	FILE *out;

	if (l->outcomes == ~0u)
		return processes;
	out = open_memstream(&outcomes, &len);
	if (!out)
		out_of_memory();
	for (unsigned i = 0; outcome_name(i); i++)
		if (l->outcomes & 1u << i) {
			fprintf(out, "%s%s", before, outcome_name(i));
			before = ",";
		}
	fclose(out);
	text = must_printf("%s%s", processes ? processes : "", outcomes + !processes);
	free(processes);
	free(outcomes);
	return text;
}

static int render(struct report_line *l, struct merge *m, const struct files *files,
		  struct older *older, unsigned long skipped)
{
	struct report *r = merge_finish(m, l->diff ? older_knows : NULL, older);
	char *filters = filters_of(l);
	int bad;

	r->by = "report";
	r->cmd = files->path;
	r->skipped = skipped;
	r->filters = filters;
	if (l->diff) {
		r->baseline = l->diff;
		r->gone = r->lost_causes ? must_alloc(sizeof(*r->gone)) : older_gone(older);
		select_new(r, older->unlisted);
	}
	select_severity(r, (enum fdf_level)l->min_severity);
	bad = write_all(l, m, r);
	if (l->diff)
		free(r->gone);
	free(filters);
	if (bad)
		return EXIT_OWN;
	if (l->error_exitcode && (r->leaks || r->lost_causes))
		return (int)l->error_exitcode;
	return skipped ? EXIT_SKIPPED : 0;
}

static int consistent(const struct report_line *l)
{
	const struct formats *asked = &l->outputs.asked;

	if (l->tree &&
	    (asked->nformats || asked->npaths > 1 || l->render.rules || l->render.kept)) {
		say("report: --tree goes with neither --format, --gen-suppressions nor "
		    "--explain-kept");
		return -1;
	}
	if (l->render.only_rules &&
	    (l->tree || asked->nformats || l->render.rules || l->render.kept)) {
		say("report: --gen-rules goes with neither --tree, --format, --gen-suppressions "
		    "nor "
		    "--explain-kept");
		return -1;
	}
	/* Without a --format there is one all the same: the text, or the tree. */
	for (unsigned i = 0; l->html && (!i || i < asked->nformats); i++) {
		if (!output_is_same(l->html, formats_place(asked, i)))
			continue;
		if (formats_path(asked, i))
			say("report: --html and --output name the same file: %s", l->html);
		else
			say("report: --html %s: expected an --output, too: without one the report "
			    "goes there as well",
			    l->html);
		return -1;
	}
	return 0;
}

static int run(struct report_line *l, char *const *words)
{
	struct older older = { 0 };
	struct files files;
	struct merge *m;
	unsigned long skipped = 0;
	int r = EXIT_OWN;

	if (files_find(&files, words))
		return EXIT_OWN;
	if (!l->config.quiet)
		files_tell(&files);
	m = merge_new(&l->config.filter, l->tree);
	merge_outcomes(m, l->outcomes);
	if ((!l->diff || !read_old(l, &older, &skipped)) && !files_read(&files, m, &skipped))
		r = render(l, m, &files, &older, skipped);
	merge_free(m);
	files_free(&files);
	older_free(&older);
	return r;
}

static int report(int argc, char **argv)
{
	struct report_line l = { .outputs.asked.to_stdout = true, .outcomes = ~0u };
	char **words;
	int r;

	config_init(&l.config);
	r = options_parse(&options, argc, argv, &l, &words);
	if (r == OPTIONS_CONTINUE)
		r = consistent(&l) ? EXIT_OWN : run(&l, words);
	config_free(&l.config);
	return r;
}

const struct subcommand command_report = { &options, report };
