/*
 * formats.h: --format and --output, both of which may be given more than once: what is asked for in
 * which format, and where it goes.
 */
#ifndef FDF_FORMATS_H
#define FDF_FORMATS_H

#include "tools/base/format.h"
#include "tools/options/options.h"

#define FORMATS_MAX 16

/* The first path belongs to the first format, and so on; one format may be without, as the last. */
struct formats {
	int format[FORMATS_MAX]; /* enum format */
	const char *name[FORMATS_MAX];
	const char *path[FORMATS_MAX];
	unsigned nformats, npaths;
	bool to_stdout; /* what has no path goes there, else to stderr */
	bool shared;	/* CMD writes there, too */
};

/* One option each.  0, or -1 after a message. */
int formats_take(struct formats *f, const struct option_row *row, const char *arg);
int formats_take_path(struct formats *f, const char *arg);

/* All were taken: text if there is none.  0, or -1 after a message: a format without a place. */
int formats_settle(struct formats *f);

/* Where format i goes; NULL: to standard output or error. */
const char *formats_path(const struct formats *f, unsigned i);

/* The same by a name: that of the descriptor where there is no path. */
const char *formats_place(const struct formats *f, unsigned i);

/* What is written as things happen, one of the two or neither; the other formats are reports. */
struct formats_stream {
	bool rows, json;
	const char *path; /* NULL: to standard output */
};

/* As formats_settle(), for a subcommand that has such a stream, which is taken out of the list. */
int formats_take_stream(struct formats *f, const char *subcommand, struct formats_stream *to);

#endif
