/*
 * conventions.h: the compact tables behind intent.c: variables, programs that
 * keep what they hold, programs that take descriptors and how.
 *
 * Constant data without pointers, so that the shim needs no relocations: rows
 * of different length lie end to end.  conventions.def is compiled into them.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_CONVENTIONS_H
#define FDF_CONVENTIONS_H

#include "preload/core/intent.h"

/* How a value or a word names descriptors.  At most 31: see struct fdf_row. */
enum fdf_enc {
	FDF_ENC_END,	/* behind the last row of a table */
	FDF_ENC_NONE,	/* it does not, though it looks as if */
	FDF_ENC_LIST,	/* numbers with , ; : or space between them, up to what is none */
	FDF_ENC_FIRST,	/* a number at the start of each line */
	FDF_ENC_DIGIT,	/* one digit and nothing else */
	FDF_ENC_AFTER,	/* numbers behind each place that reads as the parameter (variables) or the
			   row's word; one that ends in x: hexadecimal */
	FDF_ENC_WORDS,	/* fd=N, --a-fd=N, fd:N inside */
	FDF_ENC_JOBS,	/* make's flags: the last --jobserver-auth=R,W or --jobserver-fds=R,W */
	FDF_ENC_BASE,	/* from this number on three */
	FDF_ENC_FIXED,	/* the numbers of the parameter: "3-4", "3-"; behind a space the reason */
	FDF_ENC_LISTEN, /* a count from 3, if LISTEN_PID agrees */
	FDF_ENC_LISTEN_PID, /* whom the count is for */
	FDF_ENC_CGI,	    /* what is asked comes from a client: no generic convention counts */
	/* Only words. */
	FDF_ENC_COUNT,	    /* so many behind those of LISTEN_FDS: "-x 2", "-x=2" */
	FDF_ENC_OPTION,	    /* the word and a list behind it: "-x 7", "-x=7" */
	FDF_ENC_OPTION_ONE, /* ... and one number behind it: "-x=7,9" is 7 */
	FDF_ENC_GLUED,	    /* a list right behind the word: "-x7" */
	FDF_ENC_TAIL,	    /* the word begins so; the number that it ends in */
	FDF_ENC_BARE,	    /* a word that is a number, from argv[parameter] on, behind no option */
	FDF_ENC_LAST,	    /* the last word, a number, if there are only options before it */
	FDF_ENC_CODE,	    /* AFTER, in an interpreter's code behind its own -c alone; with a
			       parameter FIXED, if the code begins with the word */
	FDF_ENC_TRUST,	    /* generic conventions are precise ones for this program, in its
			       options and their values */
	FDF_ENC_OPERANDS,   /* ... and in its other words */
	FDF_ENC_INTO,	    /* no word: a program that takes the words behind the next ones */
};

/* Why a program keeps all that it holds. */
enum fdf_why {
	FDF_WHY_NONE,
	FDF_WHY_MANY,	/* many programs in one: it is the one that argv names */
	FDF_WHY_LOADER, /* it runs the program that argv names */
	FDF_WHY_SHELL,
	FDF_WHY_CHAIN,
	FDF_WHY_LOCK,
	FDF_WHY_FGHACK,
	FDF_WHY_MC,    /* only into a shell */
	FDF_WHY_UCSPI, /* only 6 and 7 */
	FDF_WHY_SAME,  /* it execs its own image again */
	FDF_WHYS
};

/* In memory the rows are the bytes alone: text[size], then the next row. */
struct fdf_row {
	uint8_t only_if : 3; /* enum fdf_if; FDF_ROW_PROGRAM: the text is the name of a program */
	uint8_t how : 5;     /* enum fdf_enc; of a program that keeps what it holds, enum fdf_why */
	uint8_t size;	     /* of text, with the NUL at its end */
	char text[];	     /* name NUL, or name NUL parameter NUL */
};
_Static_assert(FDF_ENC_INTO < 32 && FDF_WHYS < 32, "they have five bits");

#define FDF_ROW_PROGRAM 7 /* no condition has all three bits */

/* Is this one of the words that stand behind a program? */
static inline bool fdf_row_is_word(const struct fdf_row *row)
{
	return row->size && row->how != FDF_ENC_INTO;
}

static inline const struct fdf_row *fdf_row_next(const struct fdf_row *row)
{
	return (const struct fdf_row *)(row->text + row->size);
}

/* The first of the rows whose name may begin with this byte; they end where it changes. */
const struct fdf_row *fdf_conv_env(char first);
/*
 * The first row for the program at path that keeps what it holds, and that takes descriptors; one with
 * FDF_ENC_END if there is none.
 */
const struct fdf_row *fdf_conv_from(struct fdf_str path);
const struct fdf_row *fdf_conv_into(struct fdf_str path);

/* Why a program keeps what it holds: static text, "" for FDF_WHY_NONE. */
const char *fdf_why_text(enum fdf_why why);

#endif
