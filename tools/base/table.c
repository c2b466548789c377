/*
 * table.c: a table for people; the one user of libsmartcols.
 */
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/base/terminal.h"

struct table {
	struct libscols_table *scols;
	struct libscols_line *row;
	const struct table_column *all;
	const uint8_t *order;
	size_t n;
	bool pads;
};

/* libsmartcols fails for want of memory alone. */
static void *there(void *p)
{
	if (!p)
		out_of_memory();
	return p;
}

static void add_column(struct table *t, const struct table_column *c, struct table_look look)
{
	int flags = (c->flags & TABLE_RIGHT ? SCOLS_FL_RIGHT : 0) |
		    (c->flags & TABLE_WRAP && look.width ? SCOLS_FL_WRAP : 0);
	struct libscols_column *column =
		there(scols_table_new_column(t->scols, c->name, c->width, flags));

	if (look.color)
		scols_cell_set_color(scols_column_get_header(column), "bold");
}

struct table *table_new(const struct table_column *all, const uint8_t *order, size_t n,
			struct table_look look)
{
	struct table *t = must_alloc(sizeof(*t));

	*t = (struct table){ .all = all, .order = order, .n = n, .pads = !look.width };
	t->scols = there(scols_new_table());
	scols_table_set_column_separator(t->scols, "  ");
	scols_table_enable_noencoding(t->scols, 1); /* shown() has done it */
	scols_table_enable_noheadings(t->scols, look.headless);
	scols_table_enable_colors(t->scols, look.color);
	scols_table_set_termforce(t->scols,
				  look.width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	if (look.width)
		scols_table_set_termwidth(t->scols, look.width);
	for (size_t i = 0; i < n; i++)
		add_column(t, &all[order[i]], look);
	return t;
}

void table_row(struct table *t)
{
	t->row = there(scols_table_new_line(t->scols, NULL));
}

/* libsmartcols takes the width of a column for a wish: what is narrower is filled up. */
static char *padded(const struct table *t, size_t i, const char *plain)
{
	const struct table_column *c = &t->all[t->order[i]];
	char *text = shown(plain), *filled;
	unsigned width = shown_width(plain);

	if (!t->pads || i + 1 == t->n || width >= c->width)
		return text;
	filled = c->flags & TABLE_RIGHT ? must_printf("%*s%s", (int)(c->width - width), "", text)
					: must_printf("%s%*s", text, (int)(c->width - width), "");
	free(text);
	return filled;
}

void table_put(struct table *t, size_t i, char *plain)
{
	if (scols_line_refer_data(t->row, i, padded(t, i, plain)))
		out_of_memory();
	free(plain);
}

void table_color(struct table *t, size_t i, const char *color)
{
	scols_cell_set_color(scols_line_get_cell(t->row, i), color);
}

char *table_print(struct table *t)
{
	char *text = NULL, *lines;

	if (scols_print_table_to_string(t->scols, &text))
		out_of_memory();
	lines = text && *text ? must_printf("%s\n", text) : must_dup("");
	scols_unref_table(t->scols);
	free(text);
	free(t);
	return lines;
}

void table_help(FILE *out, const struct table_column *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%-10s %s\n", all[i].name, all[i].help);
}
