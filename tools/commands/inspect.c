/*
 * inspect.c: fdfence inspect: what live processes would let through at their next exec.
 */
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/commands/command.h"
#include "tools/commands/recorded.h"
#include "tools/inspect/options.h"
#include "tools/inspect/run.h"

static void remarks(const struct inspect_line *l, const struct recorded_gaps *gaps,
		    const struct inspect_found *found)
{
	recorded_remarks(gaps, &(struct recorded_sums){ .kept = found->kept }, l->opts.quiet);
}

/* With the reports that are asked for, if any. */
static int reported(struct inspect_line *l)
{
	static char *nothing[] = { NULL };
	enum output_color color = (enum output_color)l->config.color;
	struct recorded_gaps gaps = { .filters = filter_text(&l->opts.filter),
				      .environment = l->config.environment };
	struct inspect_found found = { 0 };
	struct recorded reports;
	int r;

	if (recorded_open(&reports, &l->reports, color)) {
		free(gaps.filters);
		return EXIT_OWN;
	}
	if (reports.merge) {
		l->opts.record = recorded_take;
		l->opts.record_ctx = &reports;
	}
	if (l->opts.watch) /* it has no end */
		remarks(l, &gaps, &found);
	r = inspect_run(&l->opts, color, &found);
	gaps.unseen = found.unseen;
	if (r != EXIT_OWN && !l->opts.watch)
		remarks(l, &gaps, &found);
	if (r != EXIT_OWN && recorded_write(&reports, "inspect", nothing, &gaps))
		r = EXIT_OWN;
	recorded_close(&reports);
	free(gaps.filters);
	return r;
}

static int inspect(int argc, char **argv)
{
	struct inspect_line l;
	int r = inspect_line_parse(&l, argc, argv);

	if (r == OPTIONS_CONTINUE)
		r = reported(&l);
	inspect_line_free(&l);
	return r;
}

const struct subcommand command_inspect = { &inspect_options, inspect };
