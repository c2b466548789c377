/*
 * command.h: the subcommands of fdfence.  A new one is a file NAME.c with its
 * table of options and a line here and in main.c.
 */
#ifndef FDF_COMMAND_H
#define FDF_COMMAND_H

#include "tools/options/options.h"

struct subcommand {
	const struct options *options;	   /* its name, too */
	int (*run)(int argc, char **argv); /* argv[0] is that name; returns the exit status */
};

extern const struct subcommand command_run;
extern const struct subcommand command_check;
extern const struct subcommand command_explain;
extern const struct subcommand command_trace;
extern const struct subcommand command_inspect;
extern const struct subcommand command_report;
extern const struct subcommand command_system;

#endif
