/*
 * main.c: the command `fdfence`: finds the subcommand and hands over.
 */
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/commands/command.h"
#include "tools/options/complete.h"

static const struct subcommand *const commands[] = {
	&command_run,	  &command_check,  &command_explain, &command_trace,
	&command_inspect, &command_report, &command_system,
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

static const struct subcommand *find(const char *name)
{
	size_t i;

	for (i = 0; i < NCOMMANDS; i++)
		if (!strcmp(name, commands[i]->options->name))
			return commands[i];
	return NULL;
}

/* For tools/completion/: words as typed, without "fdfence". */
static int complete(int n, char **words)
{
	const struct subcommand *c;
	size_t i;

	if (n == 1) {
		for (i = 0; i < NCOMMANDS; i++)
			if (!strncmp(commands[i]->options->name, words[0], strlen(words[0])))
				printf("%s\t%s\n", commands[i]->options->name,
				       commands[i]->options->about);
		if (words[0][0] == '-')
			puts("--help\tthe commands\n--version\tthe version");
	} else if (n > 1 && (c = find(words[0]))) {
		options_complete(c->options, n, words);
	}
	return 0;
}

static int help(int n, char **words)
{
	const struct subcommand *c = find(words[0]);

	if (c && n == 1)
		return c->run(2, (char *[]){ words[0], "--help", NULL });
	if (c)
		say("help %s: expected nothing behind it, not '%s'", words[0], words[1]);
	else
		say("help '%s': no such command; fdfence --help lists them", words[0]);
	return EXIT_OWN;
}

static int command(int argc, char **argv)
{
	const struct subcommand *c;

	if (argc < 2)
		return usage(stderr, EXIT_OWN);
	if (!strcmp(argv[1], "help") && argc > 2)
		return help(argc - 2, argv + 2);
	if (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h") || !strcmp(argv[1], "help"))
		return usage(stdout, 0);
	if (!strcmp(argv[1], "--version")) {
		puts("fdfence " FDFENCE_VERSION);
		return 0;
	}
	if (!strcmp(argv[1], "--complete"))
		return complete(argc - 2, argv + 2);
	c = find(argv[1]);
	if (c)
		return c->run(argc - 1, argv + 1);
	say("%s: no such command; fdfence --help lists them", *argv[1] ? argv[1] : "''");
	return EXIT_OWN;
}

/*
 * Whoever started us may have closed 0, 1 or 2: then a file of ours would be taken for
 * stderr.  What holds the place is neither read nor written, and CMD finds it closed.
 */
static void hold_standard_places(void)
{
	int fd;

	do
		fd = open("/", O_PATH | O_CLOEXEC);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int ending; /* the signal that ended CMD */

/*
 * Whoever waits for us sees what became of CMD: a shell ends a script whose command SIGINT has ended, not
 * one whose command says 130.  The last that exit() calls; a core was CMD's.
 */
static void end_as_command(void)
{
	sigset_t set;

	if (!ending)
		return;
	fflush(NULL);
	prctl(PR_SET_DUMPABLE, 0);
	signal(ending, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, ending);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	raise(ending); /* back: we are process 1 of a namespace, and exit with 128+n */
}

int main(int argc, char **argv)
{
	int status;

	atexit(end_as_command);

	hold_standard_places();

	setlocale(LC_CTYPE, ""); /* what text may be shown: tools/base/terminal.h */
	status = command(argc, argv);
	if (fflush(stdout) || ferror(stdout)) {
		if (status != EXIT_OWN) /* else it was told */
			say("stdout: %s", strerror(errno));
		status = status ? status : EXIT_OWN;
	}
	if (status & EXIT_BY_SIGNAL)
		ending = (status & EXIT_SHOWN) - 128;
	return status & EXIT_SHOWN;
}
