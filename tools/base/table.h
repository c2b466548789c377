/*
 * table.h: a table for people; the one user of libsmartcols.
 *
 * libsmartcols never ends on text that the locale cannot read, and writes what it
 * does not like as \xHH, an escape that is there already included.  So nothing
 * comes to it but through table_put(), which makes text harmless (terminal.h).
 */
#ifndef FDF_TABLE_H
#define FDF_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum table_flags {
	TABLE_RIGHT = 1, /* numbers */
	TABLE_WRAP = 2,	 /* goes on in the next line where the terminal is narrow */
};

/* One column: what its header, the help and the cells are made from. */
struct table_column {
	const char *name;
	unsigned width; /* columns of the screen at least */
	unsigned flags; /* enum table_flags */
	const char *help;
};

struct table;

/*
 * Where the columns do not fit the terminal, however narrow they are made, each cell is a line of its
 * own, behind the name of its column.
 */
struct table_look {
	unsigned width; /* of the terminal; 0: none, a row is one line however long */
	unsigned *
		widths; /* of the columns, for rows that follow: found if the first is 0, else kept */
	bool color;	/* the header bold, cells as table_color() says */
	bool headless; /* no header */
};

/* A table whose column i is all[order[i]], n of them; both stay until table_print(). */
struct table *table_new(const struct table_column *all, const uint8_t *order, size_t n,
			struct table_look look);

void table_row(struct table *t);

/* Column i of the newest row: plain text (terminal.h), which is taken over and freed. */
void table_put(struct table *t, size_t i, char *plain);

/* That column of the newest row in a colour ("red"), where the table is coloured at all. */
void table_color(struct table *t, size_t i, const char *color);

/* The table as text, header first, and its end.  The caller frees. */
char *table_print(struct table *t);

/* "NAME  help", a line a column. */
void table_help(FILE *out, const struct table_column *all, size_t n);

#endif
