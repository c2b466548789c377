/*
 * inspect.c: fdfence inspect: what live processes would let through at their next exec.
 */
#include "tools/commands/command.h"
#include "tools/inspect/options.h"
#include "tools/inspect/run.h"

static int inspect(int argc, char **argv)
{
	struct inspect_line l;
	int r = inspect_line_parse(&l, argc, argv);

	if (r == OPTIONS_CONTINUE)
		r = inspect_run(&l.opts, (enum output_color)l.config.color);
	inspect_line_free(&l);
	return r;
}

const struct subcommand command_inspect = { &inspect_options, inspect };
