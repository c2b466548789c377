/*
 * untraced.c: fdfence trace where clang, bpftool or libbpf were missing: says so.
 */
#include "tools/base/base.h"
#include "tools/commands/command.h"

static const struct option_row *const tables[] = { NULL };

static const struct options options = {
	.name = "trace",
	.about = "Watch execs of the whole system or one tree from the kernel (not built)",
	.usage = "",
	.tables = tables,
};

static int trace(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	say("trace: built without the tracer: clang, bpftool or libbpf were missing (make deps)");
	return EXIT_OWN;
}

const struct subcommand command_trace = { &options, trace };
