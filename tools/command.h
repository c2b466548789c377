/*
 * command.h: what every subcommand of fdfence shares: its table, its exit
 * statuses and the one way to talk to the user.
 */
#ifndef FDF_COMMAND_H
#define FDF_COMMAND_H

#include <stddef.h>

/* Own failures, as env(1), nice(1) and timeout(1) have them. */
enum {
	EXIT_OWN = 125,	     /* fdfence itself failed or was misused */
	EXIT_NOEXEC = 126,   /* the command was found and could not be executed */
	EXIT_NOTFOUND = 127, /* the command was not found */
};

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

/* "fdfence: MESSAGE\n" on stderr, in one write where it fits 1 KiB. */
void say(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* malloc and kin that end the program with a message and EXIT_OWN instead of returning NULL. */
void *must_alloc(size_t size);
char *must_dup(const char *s);
char *must_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

#endif
