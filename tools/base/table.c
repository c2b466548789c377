/*
 * table.c: a table for people; the one user of libsmartcols.
 *
 * How wide a column may be on a terminal is found here: libsmartcols takes all that it can from some
 * columns before it takes anything from the next.
 */
#include <libsmartcols/libsmartcols.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/base/terminal.h"

#define STACKED UINT_MAX /* the width of the first column of a table that is not one */

struct cell {
	char *text; /* shown() */
	const char *color;
};

struct table {
	const struct table_column *all;
	const uint8_t *order;
	size_t n, rows;
	struct table_look look;
	struct cell *cells; /* row by row */
};

/* libsmartcols fails for want of memory alone. */
static void *there(void *p)
{
	if (!p)
		out_of_memory();
	return p;
}

struct table *table_new(const struct table_column *all, const uint8_t *order, size_t n,
			struct table_look look)
{
	struct table *t = must_alloc(sizeof(*t));

	*t = (struct table){ .all = all, .order = order, .n = n, .look = look };
	return t;
}

static const struct table_column *column_of(const struct table *t, size_t i)
{
	return &t->all[t->order[i]];
}

void table_row(struct table *t)
{
	t->cells = there(reallocarray(t->cells, (t->rows + 1) * t->n, sizeof(*t->cells)));
	for (size_t i = 0; i < t->n; i++)
		t->cells[t->rows * t->n + i] = (struct cell){ NULL, NULL };
	t->rows++;
}

static struct cell *newest(struct table *t, size_t i)
{
	return &t->cells[(t->rows - 1) * t->n + i];
}

void table_put(struct table *t, size_t i, char *plain)
{
	newest(t, i)->text = shown(plain);
	free(plain);
}

void table_color(struct table *t, size_t i, const char *color)
{
	newest(t, i)->color = color;
}

/* As wide as what is in it, and as it has to be. */
static unsigned natural(const struct table *t, size_t i)
{
	const struct table_column *c = column_of(t, i);
	unsigned width = shown_width(c->name);

	width = c->width > width ? c->width : width;
	for (size_t r = 0; r < t->rows; r++) {
		const char *text = t->cells[r * t->n + i].text;
		unsigned w = text ? shown_width(text) : 0;

		width = w > width ? w : width;
	}
	return width;
}

/* A column that wraps may become as narrow as its head. */
static unsigned least(const struct table *t, size_t i, unsigned natural_width)
{
	const struct table_column *c = column_of(t, i);

	return c->flags & TABLE_WRAP ? shown_width(c->name) : natural_width;
}

/* Between two columns; where a terminal is too narrow for two, one. */
static unsigned gap(const struct table *t, const unsigned *widths)
{
	unsigned sum = 0;

	for (size_t i = 0; i < t->n; i++)
		sum += least(t, i, widths[i]) + (i ? 2 : 0);
	return t->look.width && sum > t->look.width ? 1 : 2;
}

/* The narrowest that could do with more; t->n: none could. */
static size_t narrowest(const struct table *t, const unsigned *widths, const unsigned *wanted)
{
	size_t found = t->n;

	for (size_t i = 0; i < t->n; i++)
		if (widths[i] < wanted[i] && (found == t->n || widths[i] < widths[found]))
			found = i;
	return found;
}

/* Natural widths to those that fit: what the others leave goes to the narrowest, column by column. */
static void fit(const struct table *t, unsigned *widths)
{
	unsigned *wanted = must_alloc(t->n * sizeof(*wanted)), left = t->look.width, used = 0;
	unsigned between = gap(t, widths);
	size_t i;

	for (i = 0; i < t->n; i++) {
		wanted[i] = widths[i];
		widths[i] = least(t, i, wanted[i]);
		used += widths[i] + (i ? between : 0);
	}
	left -= left > used ? used : left;
	for (; left && (i = narrowest(t, widths, wanted)) < t->n; left--)
		widths[i]++;
	if (t->look.widths && column_of(t, t->n - 1)->flags & TABLE_WRAP)
		widths[t->n - 1] += left; /* for what follows */
	free(wanted);
}

/* Columns of the screen of the character at text, whose bytes are *len. */
static unsigned width_at(const char *text, size_t *len)
{
	mbstate_t state = { 0 };
	wchar_t c;

	*len = mbrtowc(&c, text, strlen(text), &state);
	if (*len && *len <= MB_CUR_MAX)
		return (unsigned)wcwidth(c);
	*len = 1; /* never: shown() has looked at it */
	return 1;
}

/* A line break wherever a line would be wider than width. */
static char *folded(const char *text, unsigned width)
{
	char *lines = must_alloc(2 * strlen(text) + 1), *to = lines;
	unsigned at = 0;
	size_t len;

	for (; *text; text += len) {
		unsigned w = width_at(text, &len);

		if (at && at + w > width) {
			*to++ = '\n';
			at = 0;
		}
		memcpy(to, text, len);
		to += len;
		at += w;
	}
	*to = '\0';
	return lines;
}

/* For libsmartcols a column is as wide as what is in it: what is narrower is filled up. */
static char *filled(const char *text, unsigned width, bool right)
{
	unsigned own = shown_width(text);
	int blanks = own < width ? (int)(width - own) : 0;

	return right ? must_printf("%*s%s", blanks, "", text)
		     : must_printf("%s%*s", text, blanks, "");
}

static char *laid(const struct table *t, size_t i, const char *text, unsigned width)
{
	bool right = column_of(t, i)->flags & TABLE_RIGHT;

	if (t->look.width && shown_width(text) > width && column_of(t, i)->flags & TABLE_WRAP)
		return folded(text, width);
	return i + 1 < t->n || right ? filled(text, width, right) : must_dup(text);
}

static struct libscols_table *scols_of(const struct table *t, unsigned between)
{
	struct libscols_table *s = there(scols_new_table());

	scols_table_set_column_separator(s, between == 1 ? " " : "  ");
	scols_table_enable_noencoding(s, 1); /* shown() has done it */
	scols_table_enable_noheadings(s, t->look.headless);
	scols_table_enable_colors(s, t->look.color);
	scols_table_set_termforce(s,
				  t->look.width ? SCOLS_TERMFORCE_ALWAYS : SCOLS_TERMFORCE_NEVER);
	scols_table_set_termwidth(s, 4096); /* nothing is left for it to do */
	for (size_t i = 0; i < t->n; i++) {
		const struct table_column *c = column_of(t, i);
		struct libscols_column *column = there(scols_table_new_column(
			s, c->name, 0,
			(c->flags & TABLE_RIGHT ? SCOLS_FL_RIGHT : 0) | SCOLS_FL_WRAP));

		scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk,
					  NULL);
		if (t->look.color)
			scols_cell_set_color(scols_column_get_header(column), "bold");
	}
	return s;
}

static void put_rows(const struct table *t, struct libscols_table *s, const unsigned *widths)
{
	for (size_t r = 0; r < t->rows; r++) {
		struct libscols_line *line = there(scols_table_new_line(s, NULL));

		for (size_t i = 0; i < t->n; i++) {
			struct cell *cell = &t->cells[r * t->n + i];
			char *text = laid(t, i, cell->text ? cell->text : "", widths[i]);

			if (scols_line_refer_data(line, i, text))
				out_of_memory();
			if (cell->color)
				scols_cell_set_color(scols_line_get_cell(line, i), cell->color);
			free(cell->text);
		}
	}
}

/* Do the columns stand side by side on the terminal, at their narrowest? */
static bool has_room(const struct table *t, const unsigned *widths)
{
	unsigned sum = 0;

	for (size_t i = 0; i < t->n; i++)
		sum += least(t, i, widths[i]) + (i ? 1 : 0);
	return !t->look.width || sum <= t->look.width;
}

/* Where they do not: a line a cell that is not empty, and a blank one between rows. */
static char *stacked(struct table *t)
{
	static const struct table_column columns[] = { { .name = "" },
						       { .name = "", .flags = TABLE_WRAP } };
	static const uint8_t order[] = { 0, 1 };
	struct table_look look = { t->look.width, NULL, t->look.color, .headless = true };
	struct table *to = table_new(columns, order, 2, look);

	for (size_t r = 0; r < t->rows; r++) {
		if (r)
			table_row(to);
		for (size_t i = 0; i < t->n; i++) {
			struct cell *cell = &t->cells[r * t->n + i];

			if (!cell->text || !*cell->text) {
				free(cell->text);
				continue;
			}
			table_row(to);
			newest(to, 0)->text = must_dup(column_of(t, i)->name);
			*newest(to, 1) = *cell;
		}
	}
	free(t->cells);
	free(t);
	return table_print(to);
}

char *table_print(struct table *t)
{
	unsigned *own = must_alloc(t->n * sizeof(*own));
	unsigned *widths = t->look.widths ? t->look.widths : own;
	struct libscols_table *s;
	char *text = NULL, *lines;

	if (!widths[0]) {
		for (size_t i = 0; i < t->n; i++)
			widths[i] = natural(t, i);
		if (t->n > 2 && !has_room(t, widths))
			widths[0] = STACKED;
		else if (t->look.width)
			fit(t, widths);
	}
	if (widths[0] == STACKED) {
		free(own);
		return stacked(t);
	}
	s = scols_of(t, gap(t, widths));
	put_rows(t, s, widths);
	if (scols_print_table_to_string(s, &text))
		out_of_memory();
	lines = text && *text ? must_printf("%s\n", text) : must_dup("");
	scols_unref_table(s);
	free(text);
	free(own);
	free(t->cells);
	free(t);
	return lines;
}

void table_help(FILE *out, const struct table_column *all, size_t n)
{
	for (size_t i = 0; i < n; i++)
		fprintf(out, "%-10s %s\n", all[i].name, all[i].help);
}
