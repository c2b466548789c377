/*
 * options.h: one table of options for run, check and explain.  The parser and
 * --help are made from it, the completion asks --help, and a test holds the
 * manual pages equal to it.
 */
#ifndef FDF_OPTIONS_H
#define FDF_OPTIONS_H

enum { FOR_RUN = 1, FOR_CHECK = 2, FOR_EXPLAIN = 4, FOR_ALL = 7 };

enum option_id {
	OPT_SETTING = 256, /* a setting of core/settings.h */
	OPT_RULE,
	OPT_RULES,
	OPT_PROFILE,
	OPT_LOG,
	OPT_INHERIT,
	OPT_EXPLAIN,
	OPT_SEAL,
	OPT_ERROR_EXITCODE,
	OPT_FORMAT,
	OPT_OUTPUT,
	OPT_COLOR,
	OPT_GEN_SUPPRESSIONS,
	OPT_QUIET,
	OPT_VERBOSE,
	OPT_HELP,
	OPT_VERSION,
};

struct option_row {
	enum option_id id;
	char letter;	     /* short option, 0: none */
	const char *name;    /* long option */
	const char *arg;     /* name of its argument, NULL: it has none */
	const char *setting; /* OPT_SETTING: which */
	const char *value;   /* OPT_SETTING without argument: the value that it stands for */
	unsigned commands;   /* FOR_* */
	const char *help;
};

/*
 * Parse argv of subcommand `command` up to the first word that is no option and
 * hand each option to take (its return value other than 0 ends the parsing).
 * Returns 0 with *cmd set to the words of CMD; 1 if --help or --version was
 * answered; -1 after a message.
 */
int options_parse(unsigned command, int argc, char **argv,
		  int (*take)(void *ctx, const struct option_row *row, const char *arg), void *ctx,
		  char ***cmd);

#endif
