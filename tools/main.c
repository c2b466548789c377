/*
 * main.c: the command `fdfence`: finds the subcommand and hands over.
 */
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/commands/command.h"

static const struct subcommand *const commands[] = {
	&command_run,
	&command_check,
	&command_explain,
	&command_trace,
};

#define NCOMMANDS (sizeof(commands) / sizeof(commands[0]))

static int usage(FILE *out, int status)
{
	size_t i;

	fputs("Usage: fdfence COMMAND [OPTIONS] -- CMD [ARGS...]\n\nCommands:\n", out);
	for (i = 0; i < NCOMMANDS; i++)
		fprintf(out, "  %-9s %s\n", commands[i]->options->name,
			commands[i]->options->about);
	fputs("\nfdfence COMMAND --help lists the options, man fdfence tells the rest.\n", out);
	return status;
}

static int command(int argc, char **argv)
{
	size_t i;

	if (argc < 2)
		return usage(stderr, EXIT_OWN);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return usage(stdout, 0);
	if (!strcmp(argv[1], "--version")) {
		puts("fdfence " FDFENCE_VERSION);
		return 0;
	}
	for (i = 0; i < NCOMMANDS; i++)
		if (!strcmp(argv[1], commands[i]->options->name))
			return commands[i]->run(argc - 1, argv + 1);
	say("%s: no such command; fdfence --help lists them", argv[1]);
	return EXIT_OWN;
}

int main(int argc, char **argv)
{
	int status;

	setlocale(LC_CTYPE, ""); /* what text may be shown: tools/base/terminal.h */
	status = command(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		say("stdout: %s", strerror(errno));
		status = status ? status : EXIT_OWN;
	}
	return status;
}
