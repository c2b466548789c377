/*
 * command.h: the subcommands of fdfence.
 */
#ifndef FDF_COMMAND_H
#define FDF_COMMAND_H

struct subcommand {
	const char *name;
	int (*run)(int argc, char **argv); /* argv[0] is the subcommand's name; returns the exit
					      status */
	const char *help;		   /* one line */
};

int cmd_run(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_explain(int argc, char **argv);
int cmd_trace(int argc, char **argv);

#endif
