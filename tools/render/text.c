/*
 * text.c: a report of check for people.
 *
 *	fdfence: 7 leaks with 2 causes in 31 execs
 *
 *	FROM                  INTO           FD   TYPE      WHAT                TIMES
 *	/usr/sbin/php-fpm8.2  /usr/bin/dash  8    listener  tcp 127.0.0.1:9000      4
 *	/usr/sbin/php-fpm8.2  /usr/bin/dash  4,9  file rw   /var/log/fpm.log        3
 *
 * All text of records is plain (record_json refuses other).
 */
#include <libsmartcols/libsmartcols.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/render/render.h"

enum column { FROM, INTO, FD, TYPE, WHAT, TIMES, NOTE, COLUMNS };

static const struct {
	const char *name;
	double width;
	int flags;
} columns[COLUMNS] = {
	[FROM] = { "FROM", 0.2, SCOLS_FL_WRAP },
	[INTO] = { "INTO", 0.2, SCOLS_FL_WRAP },
	[FD] = { "FD", 0.05, 0 },
	[TYPE] = { "TYPE", 0.1, 0 },
	[WHAT] = { "WHAT", 0.3, SCOLS_FL_WRAP },
	[TIMES] = { "TIMES", 5, SCOLS_FL_RIGHT },
	[NOTE] = { "NOTE", 0.2, SCOLS_FL_WRAP },
};

/* "3,5,7+": '+' for numbers beyond CAUSE_FDS. */
static char *numbers(const struct cause *c)
{
	char *text = must_dup("");
	unsigned i;

	for (i = 0; i < c->nfds; i++) {
		char *longer = must_printf("%s%s%d", text, i ? "," : "", c->fds[i]);

		free(text);
		text = longer;
	}
	if (c->more_fds) {
		char *longer = must_printf("%s+", text);

		free(text);
		text = longer;
	}
	return text;
}

/* What is worth saying about a cause: not that nobody meant it and it was let through. */
static const char *note_of(const struct cause *c)
{
	bool plain = !strcmp(c->reason, "default") && !strcmp(c->note, "nobody meant it");

	return plain ? NULL : c->note;
}

static void set(struct libscols_line *line, size_t col, char *text)
{
	if (scols_line_refer_data(line, col, text))
		free(text);
}

static void fill(struct libscols_table *t, const struct cause *c, const size_t *at)
{
	struct libscols_line *line = scols_table_new_line(t, NULL);
	const char *texts[COLUMNS] = { [FROM] = *c->exe ? c->exe : "?",
				       [INTO] = *c->into ? c->into : "?",
				       [WHAT] = c->what,
				       [NOTE] = note_of(c) };
	enum column i;

	if (!line)
		return;
	for (i = 0; i < COLUMNS; i++)
		if (texts[i] && at[i] < COLUMNS)
			set(line, at[i], must_dup(texts[i]));
	if (at[FD] < COLUMNS)
		set(line, at[FD], numbers(c));
	if (at[TYPE] < COLUMNS)
		set(line, at[TYPE],
		    must_printf("%s%s%s", c->type, *c->access ? " " : "", c->access));
	if (at[TIMES] < COLUMNS)
		set(line, at[TIMES], must_printf("%lu", c->times));
}

/* show: one bit a column. */
static void table(FILE *out, struct cause **causes, size_t n, unsigned show,
		  const struct render_options *o)
{
	struct libscols_table *t = scols_new_table();
	size_t at[COLUMNS], used = 0, i;

	if (!t)
		return;
	scols_table_set_stream(t, out);
	scols_table_set_column_separator(t, "  ");
	scols_table_enable_colors(t, o->color);
	for (i = 0; i < COLUMNS; i++) {
		struct libscols_column *col = NULL;

		at[i] = COLUMNS;
		if (show & (1u << i))
			col = scols_table_new_column(t, columns[i].name, columns[i].width,
						     columns[i].flags);
		if (col)
			at[i] = used++;
		if (col && o->color)
			scols_cell_set_color(scols_column_get_header(col), "bold");
	}
	for (i = 0; i < n; i++)
		fill(t, causes[i], at);
	scols_print_table(t);
	scols_unref_table(t);
}

static bool any_note(struct cause **causes, size_t n)
{
	while (n)
		if (note_of(causes[--n]))
			return true;
	return false;
}

static const char *s(unsigned long n)
{
	return n == 1 ? "" : "s";
}

static void headline(FILE *out, const struct report *r, bool color)
{
	const char *on = color ? (r->leaks ? "\033[1;31m" : "\033[32m") : "";
	const char *off = color ? "\033[0m" : "";

	if (!r->leaks)
		fprintf(out, "fdfence: %sno leaks%s in %lu exec%s%s\n", on, off, r->execs,
			s(r->execs), r->nuncovered ? " seen" : "");
	else
		fprintf(out, "fdfence: %s%lu leak%s%s with %zu cause%s in %lu exec%s%s\n", on,
			r->leaks, s(r->leaks), off, r->ncauses, s(r->ncauses), r->execs,
			s(r->execs), r->sealed ? ", sealed" : "");
}

/* What the numbers above do not tell. */
static void remarks(FILE *out, const struct report *r)
{
	size_t i;

	for (i = 0; i < r->nuncovered; i++)
		fprintf(out, "fdfence: not covered: %lu exec%s of %s (%s)\n",
			r->uncovered[i]->times, s(r->uncovered[i]->times), r->uncovered[i]->path,
			r->uncovered[i]->why);
	if (r->inexact)
		fprintf(out, "fdfence: sealing was not exact in %lu exec%s: %s\n", r->inexact,
			s(r->inexact), r->inexact_why);
	if (r->more)
		fprintf(out, "fdfence: %lu descriptor%s did not fit into their records\n", r->more,
			s(r->more));
	if (r->lost_causes)
		fprintf(out, "fdfence: %lu leak%s beyond %d causes are not in the table\n",
			r->lost_causes, s(r->lost_causes), CAUSES_MAX);
	if (r->dropped)
		fprintf(out, "fdfence: %lu record%s lost: their senders could not hand them on\n",
			r->dropped, s(r->dropped));
	if (r->refused + r->broken)
		fprintf(out, "fdfence: %lu datagram%s refused: from a stranger, or not a record\n",
			r->refused + r->broken, s(r->refused + r->broken));
}

/* One rule may stand for many causes: both ends of a pipe, two listeners. */
static bool is_first(struct cause **causes, size_t i)
{
	size_t k;

	for (k = 0; k < i; k++)
		if (!strcmp(causes[k]->rule, causes[i]->rule))
			return false;
	return true;
}

static void rules(FILE *out, const struct report *r)
{
	size_t i;

	fputs("# Rules for --rules FILE; one stands for \"this is meant\", so read before you "
	      "paste.\n",
	      out);
	for (i = 0; i < r->ncauses; i++)
		if (is_first(r->causes, i))
			fprintf(out, "%s\n", r->causes[i]->rule);
}

void render_text(FILE *out, const struct report *r, const struct render_options *o)
{
	unsigned note = any_note(r->causes, r->ncauses) ? 1u << NOTE : 0;

	if (!o->quiet || r->leaks)
		headline(out, r, o->color);
	if (r->ncauses) {
		fputc('\n', out);
		table(out, r->causes, r->ncauses,
		      1u << FROM | 1u << INTO | 1u << FD | 1u << TYPE | 1u << WHAT | 1u << TIMES |
			      note,
		      o);
		fputc('\n', out);
	}
	if (r->noutside && !o->quiet) {
		fprintf(out, "fdfence: CMD itself was given from outside, not counted%s:\n",
			r->sealed ? " (sealed)" : "");
		table(out, r->outside, r->noutside, 1u << FD | 1u << TYPE | 1u << WHAT, o);
	}
	remarks(out, r);
	if (o->rules && r->ncauses)
		rules(out, r);
}
