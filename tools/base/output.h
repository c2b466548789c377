/*
 * output.h: where a report goes.
 */
#ifndef FDF_OUTPUT_H
#define FDF_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "tools/base/aside.h"

enum output_color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

#define OUTPUT_COLOR_WORDS "auto always never" /* in the order of the enum */

struct output {
	FILE *file;
	char *path;	    /* as it was named; NULL: stderr or stdout */
	struct aside aside; /* where is_aside */
	bool is_aside, color;
	int error; /* errno of the first write that failed; 0: none */
};

/*
 * path NULL: stderr.  A regular file is written aside (tools/base/aside.h); anything else (a
 * terminal, a pipe, /dev/null) is written to directly, and what means a descriptor of ours
 * (tools/base/descriptor.h) goes behind what was written there.
 * Returns 0, or -1 after a message.
 */
int output_open(struct output *o, const char *path, enum output_color color);

/* What somebody named: "-" is /dev/stdout, as with other commands; a file of that name is "./-". */
const char *output_named(const char *path);

/* stdout or stderr. */
void output_standard(struct output *o, FILE *file, enum output_color color);

/* Shall what goes to fd be coloured?  A terminal is by COLOR_AUTO, unless NO_COLOR or TERM=dumb. */
bool output_wants_color(int fd, enum output_color color);

/* Do both paths name one file, or one descriptor, however they are written? */
bool output_is_same(const char *a, const char *b);

/* Refuse a format for machines that has no file: its reader would get what CMD writes as well. */
int output_refuse_shared(const char *format);

/* What was written reaches its reader now.  Returns 0, or -1: output_close() will say why. */
int output_flush(struct output *o);

/* Returns 0, or -1 after a message (disk full ...): then the old file stands. */
int output_close(struct output *o);

/* Open, not written: remove what was written aside. */
void output_abandon(struct output *o);

#endif
