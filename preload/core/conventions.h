/*
 * conventions.h: the compact tables behind intent.c: variables, programs that
 * keep what they hold, programs that take descriptors and how.
 *
 * Constant data without pointers, so that the shim needs no relocations: names
 * lie end to end in one blob, rows hold offsets.  conventions.def is compiled
 * into them.
 *
 * Pure: no allocation, no statics, no system call.
 */
#ifndef FDF_CONVENTIONS_H
#define FDF_CONVENTIONS_H

#include "intent.h"

/* How a value or a word names descriptors. */
enum fdf_enc {
	FDF_ENC_NONE,	    /* it does not, though it looks as if */
	FDF_ENC_LIST,	    /* numbers with , ; : or space between them, up to what is none */
	FDF_ENC_JOBS,	    /* make's flags: the last --jobserver-auth=R,W or --jobserver-fds=R,W */
	FDF_ENC_LISTEN,	    /* a count from 3, if LISTEN_PID agrees */
	FDF_ENC_LISTEN_PID, /* whom the count is for */
	FDF_ENC_FIXED,	    /* the numbers of the parameter: "3-4", "3-" */
};

/* Why a program keeps all that it holds. */
enum fdf_why {
	FDF_WHY_SHELL = 1,
	FDF_WHY_SAME,
	FDF_WHY_GREEDY,
};

struct fdf_row {
	uint16_t at;   /* of the name in the blob; its parameter follows the NUL */
	uint8_t len;   /* of the name */
	uint8_t what;  /* variables and words: enum fdf_enc; programs: enum fdf_why or group */
	uint8_t flags; /* enum fdf_if, or FDF_ROW_PREFIX */
	uint8_t group; /* words: whose */
};

#define FDF_ROW_PREFIX 128 /* the name is the beginning of one */

enum fdf_table { FDF_ENV, FDF_FROM, FDF_INTO };

/* The row for a name, NULL: none. */
const struct fdf_row *fdf_conv_find(enum fdf_table t, const char *name, size_t len);

/* False: no variable begins with these two bytes. */
bool fdf_conv_env_maybe(const char *name);

/* The row's name, and behind it its parameter. */
const char *fdf_conv_name(const struct fdf_row *row);
const char *fdf_conv_param(const struct fdf_row *row);

/* Word i of a group, NULL behind the last. */
const struct fdf_row *fdf_conv_word(unsigned group, unsigned i);

const char *fdf_conv_why(enum fdf_why why);

#endif
