/*
 * rows.c: see rows.h.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/records/what.h"
#include "tools/view/rows.h"

/* How wide a column becomes for what it holds; the last one is as wide as it likes. */
#define WIDEST 60

int view_rows_init(struct view_rows *t, const char *list, const char *standard, view_set set,
		   int out, bool color)
{
	const char *p = list ? list : standard;

	*t = (struct view_rows){ .color = color, .out = out, .terminal = terminal_width(out) };
	memcpy(t->columns, view_columns, sizeof(view_columns));
	for (;; p++) {
		size_t n = strcspn(p, ",");
		enum view_column c = view_column_named(set, p, n);

		if (c == VIEW_COLUMNS || t->n == VIEW_COLUMNS) {
			say("--columns %s: expected a list of columns; --columns=help names them",
			    list);
			return -1;
		}
		t->order[t->n++] = (uint8_t)c;
		p += n;
		if (!*p)
			return 0;
	}
}

/* Live: rows are shown at once, so a column that had to become wider stays so. */
static void widen(struct table_column *c, const char *plain)
{
	unsigned width = shown_width(plain);

	if (width > c->width && width <= WIDEST)
		c->width = width;
}

/* Rows that follow are laid out anew, with a header of their own. */
static void follow_terminal(struct view_rows *t)
{
	unsigned width = terminal_width(t->out);

	if (!width || width == t->terminal)
		return;
	t->terminal = width;
	t->widths[0] = 0;
	t->headed = false;
}

char *view_rows(struct view_rows *t, char *const *cells, const char *const *colors, size_t n)
{
	struct table *table;

	follow_terminal(t);
	for (size_t r = 0; r < n && !t->terminal; r++)
		for (size_t c = 0; c + 1 < t->n; c++)
			widen(&t->columns[t->order[c]], cells[r * t->n + c]);
	for (size_t c = 0; c < t->n && t->terminal && t->all; c++)
		t->columns[t->order[c]].width = 0;
	table = table_new(t->columns, t->order, t->n,
			  (struct table_look){ .width = t->terminal,
					       .widths = t->terminal && !t->all ? t->widths : NULL,
					       .headless = t->headed,
					       .color = t->color });
	for (size_t r = 0; r < n; r++) {
		table_row(table);
		for (size_t c = 0; c < t->n; c++) {
			const char *color = t->order[c] == C_VERDICT ? colors[r]
					    : t->order[c] == C_SEVERITY
						    ? what_severity_color(*cells)
						    : NULL;

			table_put(table, c, *cells++);
			if (color)
				table_color(table, c, color);
		}
	}
	t->headed = true;
	return table_print(table);
}
