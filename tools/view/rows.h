/*
 * rows.h: rows of a table whose columns the user chooses, shown a few at a time.
 */
#ifndef FDF_VIEW_ROWS_H
#define FDF_VIEW_ROWS_H

#include "tools/view/columns.h"

/* What the header, the rows so far and --columns have made of the table. */
struct view_rows {
	struct table_column columns[VIEW_COLUMNS]; /* as wide as what was shown so far */
	uint8_t order[VIEW_COLUMNS];		   /* enum view_column */
	size_t n;
	bool headed, color;
	bool all;		       /* all rows come at once: the caller may say so before */
	int out;		       /* the descriptor */
	unsigned terminal;	       /* its columns; 0: none */
	unsigned widths[VIEW_COLUMNS]; /* on it, from the first rows on */
};

/*
 * list: names with commas between them, of the set; NULL: standard.  out: the descriptor that they
 * go to.  Returns 0, or -1 after a message.
 */
int view_rows_init(struct view_rows *t, const char *list, const char *standard, view_set set,
		   int out, bool color);

/*
 * n rows of t->n cells each, which are taken over; colors[i] is that of row i's VERDICT.  The
 * header comes before the first.  The caller frees.
 */
char *view_rows(struct view_rows *t, char *const *cells, const char *const *colors, size_t n);

#endif
