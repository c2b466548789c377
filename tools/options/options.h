/*
 * options.h: the command line of a subcommand as a table, and the one parser,
 * the one --help and the one completion that are made from such tables.  A test
 * holds the manual pages equal to them.
 */
#ifndef FDF_OPTIONS_H
#define FDF_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* options_parse(): not over yet; else its result is the exit status of the program. */
enum { OPTIONS_CONTINUE = -1 };

/* What can be said of an argument: for its check, and for completion. */
enum option_values {
	VALUES_ANY,
	VALUES_ONE,  /* one of the row's words */
	VALUES_LIST, /* some of them, with commas between them */
	VALUES_FILE,
	VALUES_USER,
};

struct option_row {
	int id;		  /* for options.take(), which knows what it stands for */
	char letter;	  /* short option; 0: none */
	const char *name; /* long option; NULL ends the table */
	const char *arg;  /* name of its argument; NULL: it has none */
	bool optional;	  /* ... that may be left out, and stands behind a '=' */
	enum option_values values;
	const char *words;		 /* with spaces between them; or ... */
	const char *(*word)(unsigned i); /* ... one by one, NULL behind the last */
	const char *setting;		 /* OPT_SETTING (config.h): which */
	const char *value;		 /* ... and its value, if there is no argument */
	const char *help;		 /* lines; with a newline between, none at the end */
};

/* What every subcommand has: the parser answers these by itself. */
enum { OPT_HELP = 1, OPT_VERSION, OPT_FIRST };

struct options {
	const char *name;  /* of the subcommand */
	const char *about; /* one line, for fdfence --help and the subcommand's */
	const char *usage; /* what may stand behind the name, a form a line */
	const char
		*needs; /* what has to stand behind the options, for the message; NULL: nothing */
	/* Words of what stands behind the options, as row->word; NULL: it is a command. */
	const char *(*rest)(unsigned i);
	bool rest_files; /* ... or files */
	bool mixed;	 /* words and options in any order: options_words() */
	const struct option_row *const *tables; /* in the order of --help; NULL behind the last */
	/* ctx is that of options_parse().  Returns 0, or -1 after a message. */
	int (*take)(void *ctx, const struct option_row *row, const char *arg);
};

/*
 * Parse argv up to the first word that is no option and hand each option to
 * take(); *rest is what stands behind, NULL if nothing does.
 * Returns OPTIONS_CONTINUE; 0 if --help or --version was answered; EXIT_OWN
 * after a message.
 */
int options_parse(const struct options *o, int argc, char **argv, void *ctx, char ***rest);

/*
 * The same where words may stand in front of options, too: at most max of them go to
 * words, *n is how many.
 */
int options_words(const struct options *o, int argc, char **argv, void *ctx, char **words,
		  size_t max, size_t *n);

/* Row i of all tables in their order, --help and --version behind them; NULL: no more. */
const struct option_row *options_row(const struct options *o, size_t i);

/*
 * Word i of what the row's argument may be, of length *len; NULL: no more.
 */
const char *option_word(const struct option_row *row, unsigned i, size_t *len);

/* Arguments by their row.  Each returns 0 with *to set, or -1 after a message with *to as it was. */
int option_one(const struct option_row *row, const char *arg, int *to); /* index of the word */
int option_list(const struct option_row *row, const char *arg, unsigned *to); /* bit i: word i */
int option_number(const struct option_row *row, const char *arg, unsigned min, unsigned max,
		  unsigned *to);
/* An exit status that somebody chose, none of base.h's. */
int option_status(const struct option_row *row, const char *arg, unsigned *to);

/* The message for a value that is none; always -1. */
int option_refuse(const struct option_row *row, const char *arg, const char *expected);

#endif
