/*
 * inspect.c: fdfence inspect: what live processes would let through at their next exec.
 */
#include "tools/base/base.h"
#include "tools/commands/command.h"
#include "tools/commands/recorded.h"
#include "tools/inspect/options.h"
#include "tools/inspect/run.h"

/* With the reports that are asked for, if any. */
static int reported(struct inspect_line *l)
{
	static char *nothing[] = { NULL };
	enum output_color color = (enum output_color)l->config.color;
	struct recorded_gaps gaps = { 0 };
	struct recorded reports;
	int r;

	if (recorded_open(&reports, &l->reports, color))
		return EXIT_OWN;
	if (reports.merge) {
		l->opts.record = recorded_take;
		l->opts.record_ctx = &reports;
	}
	r = inspect_run(&l->opts, color, &gaps.unseen);
	if (r != EXIT_OWN && recorded_write(&reports, nothing, &gaps))
		r = EXIT_OWN;
	recorded_close(&reports);
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
