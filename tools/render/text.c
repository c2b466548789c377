/*
 * text.c: a report of check for people.
 *
 *	fdfence: 7 leaks with 2 causes in 31 execs
 *
 *	SEVERITY  FROM                  INTO           FD   TYPE      WHAT                TIMES
 *	high      /usr/sbin/php-fpm8.2  /usr/bin/dash  8    listener  tcp 127.0.0.1:9000      4
 *	medium    /usr/sbin/php-fpm8.2  /usr/bin/dash  4,9  file rw   /var/log/fpm.log        3
 *
 * All text of records is plain (record_json refuses other).
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "preload/core/bits.h"
#include "preload/core/rules.h"
#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/base/terminal.h"
#include "tools/records/what.h"
#include "tools/render/render.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"
#include "tools/report/headline.h"

#define RULES_BYTES (60 << 10) /* FDFENCE_RULES_FILE may have 64 KiB */

enum column { SEVERITY, FROM, INTO, FD, TYPE, WHAT, TIMES, OUTCOME, OPENED, NOTE, COLUMNS };

static const struct table_column columns[COLUMNS] = {
	[SEVERITY] = { "SEVERITY", 8, 0, "" },	   [FROM] = { "FROM", 4, TABLE_WRAP, "" },
	[INTO] = { "INTO", 4, TABLE_WRAP, "" },	   [FD] = { "FD", 2, TABLE_WRAP, "" },
	[TYPE] = { "TYPE", 4, TABLE_WRAP, "" },	   [WHAT] = { "WHAT", 4, TABLE_WRAP, "" },
	[TIMES] = { "TIMES", 5, TABLE_RIGHT, "" }, [NOTE] = { "NOTE", 4, TABLE_WRAP, "" },
	[OUTCOME] = { "OUTCOME", 7, 0, "" },	   [OPENED] = { "OPENED AT", 9, TABLE_WRAP, "" },
};

/* What is worth saying about a cause: not that nobody meant it and it was let through. */
static const char *note_of(const struct cause *c)
{
	bool plain = c->reason == FDF_BY_DEFAULT && !strcmp(c->note, "nobody meant it");

	return plain ? NULL : c->note;
}

static char *cell(const struct cause *c, enum column i)
{
	switch (i) {
	case SEVERITY:
		return what_severity(c->severity);
	case FROM:
		return must_dup(*c->exe ? c->exe : "?");
	case INTO:
		return must_dup(*c->into ? c->into : "?");
	case FD:
		return finding_numbers(c);
	case TYPE:
		return what_type(c->type, c->access);
	case WHAT:
		return must_dup(c->what);
	case TIMES:
		return must_printf("%lu", c->times);
	case OUTCOME:
		return must_dup(leak_outcome_name(c->outcome));
	case OPENED:
		return must_dup(*c->origin.place ? c->origin.place : "not seen");
	default:
		return must_dup(note_of(c) ? note_of(c) : "");
	}
}

static void table(FILE *out, struct cause **causes, size_t n, const uint8_t *order, size_t ncolumns,
		  const struct render_options *o)
{
	struct table *t = table_new(columns, order, ncolumns,
				    (struct table_look){ .width = o->width, .color = o->color });
	char *lines;

	for (size_t i = 0; i < n; i++) {
		table_row(t);
		for (size_t c = 0; c < ncolumns; c++) {
			char *text = cell(causes[i], (enum column)order[c]);
			const char *color = order[c] == SEVERITY ? what_severity_color(text) : NULL;

			table_put(t, c, text);
			if (color)
				table_color(t, c, color);
		}
	}
	lines = table_print(t);
	fputs(lines, out);
	free(lines);
}

static bool any_origin(struct cause **causes, size_t n)
{
	while (n)
		if (*causes[--n]->origin.place)
			return true;
	return false;
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

/* Each kind of danger in a line, the worst first, as the table has them. */
static void dangers(FILE *out, struct cause **causes, size_t n)
{
	FDF_BITS(told, FDF_LONG_BITS) = { 0 };
	bool open = false;

	for (size_t i = 0; i < n; i++) {
		enum fdf_danger d = (enum fdf_danger)causes[i]->severity.danger;

		open |= causes[i]->severity.at_least;
		if (d == FDF_DANGER_NONE || fdf_bit_get(told, (int)d))
			continue;
		fdf_bit_set(told, (int)d);
		fprintf(out, "%s, %s: %s\n", fdf_level_name(fdf_danger_level(d)),
			fdf_danger_name(d), fdf_danger_text(d));
	}
	if (open)
		fputs("+: or worse, since what the new program may do by itself is not known\n",
		      out);
	if (n)
		fputc('\n', out);
}

/* Red where something got through, yellow where that is not known or did not come to it. */
static void put_headline(FILE *out, const struct report *r, bool color)
{
	struct outcomes o = outcomes_of(r);
	struct gaps gaps = gaps_of(r);
	bool through = o.n[LEAK_LEAKED] || o.n[LEAK_WOULD];
	const char *sign = through		     ? "\033[1;31m"
			   : r->leaks || gaps.unseen ? "\033[33m"
						     : "\033[32m";
	char *text = headline(r);

	fprintf(out, "fdfence: %s%s%s\n", color ? sign : "", text, color ? "\033[0m" : "");
	free(text);
	gaps_free(&gaps);
}

/* "fdfence: 12 kept: 6 given, 4 shell, 2 generic; --explain-kept lists them" */
static void kept(FILE *out, const struct report *r, const struct render_options *o)
{
	static const uint8_t of_kept[] = { SEVERITY, FROM, INTO, FD, TYPE, WHAT, TIMES, NOTE };
	struct tally *t = must_alloc(r->nkept * sizeof(*t));
	size_t n = causes_tally(r->kept, r->nkept, t), i;
	unsigned long all = r->kept_not_listed;

	for (i = 0; i < n; i++)
		all += t[i].n;
	if (all)
		fprintf(out, "fdfence: %lu kept: ", all);
	for (i = 0; i < n; i++) {
		char *label = shown(t[i].label);

		fprintf(out, "%s%lu %s", i ? ", " : "", t[i].n, label);
		free(label);
	}
	if (all && r->kept_not_listed)
		fprintf(out, ", %lu not listed", r->kept_not_listed);
	if (all)
		fputs(o->kept ? "\n" : "; --explain-kept lists them\n", out);
	if (n && o->kept)
		table(out, r->kept, r->nkept, of_kept, sizeof(of_kept), o);
	free(t);
}

/* Without leaks: what is not known, and that not all is kept by who asked. */
static bool is_of_note(const struct report *r, enum gap_kind kind)
{
	return !gap_is_asked(kind) || (kind == GAP_ENVIRONMENT && (r->nkept || r->kept_not_listed));
}

void render_remarks(FILE *out, const struct report *r, bool quiet)
{
	struct gaps gaps = gaps_of(r);

	for (size_t i = 0; i < gaps.n; i++) {
		char *text;

		if (quiet && !r->leaks && !is_of_note(r, gaps.list[i].kind))
			continue;
		text = shown(gaps.list[i].text);
		fprintf(out, "fdfence: %s\n", text);
		free(text);
	}
	gaps_free(&gaps);
	if (quiet && !r->leaks)
		return;
	if (r->snapshots)
		fprintf(out, "fdfence: %lu look%s at live processes: INTO is not known yet\n",
			r->snapshots, s(r->snapshots));
	if (r->foreign)
		fprintf(out,
			"fdfence: %lu foreign datagram%s ignored: not from below the command\n",
			r->foreign, s(r->foreign));
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

/* What --rules takes: a file with more would be refused as a whole. */
struct room {
	size_t rules, bytes, left_out;
};

/* The lines of one cause's rule, which may be several, as far as they fit, below comment. */
static void put_rules(FILE *out, const char *comment, const char *lines, struct room *room)
{
	const char *end;

	for (; *lines; lines = end + (*end == '\n')) {
		size_t len;

		end = strchrnul(lines, '\n');
		len = (size_t)(end - lines) + 1;
		if (!room->rules || room->bytes < len) {
			room->left_out++;
			continue;
		}
		room->rules--;
		room->bytes -= len;
		if (room->bytes >= strlen(comment)) {
			room->bytes -= strlen(comment);
			fputs(comment, out);
		}
		comment = "";
		fprintf(out, "%.*s\n", (int)(end - lines), lines);
	}
}

/* What the rule of this cause would keep, as a comment on a line of its own. */
static char *what_for(const struct cause *c)
{
	char *message = finding_message(c);
	char *line = must_printf("# %s: %s\n", fdf_level_name((enum fdf_level)c->severity.level),
				 message);

	free(message);
	return line;
}

static void rules(FILE *out, const struct report *r, bool with_what_for)
{
	struct room room = { FDF_RULES_MAX, RULES_BYTES, 0 };
	size_t i, unnamed = 0;

	fputs("# Rules for --rules FILE; one stands for \"this is meant\", so read before you "
	      "paste.\n",
	      out);
	for (i = 0; i < r->ncauses; i++)
		if (!*r->causes[i]->rule) {
			unnamed++;
		} else if (is_first(r->causes, i)) {
			char *comment = with_what_for ? what_for(r->causes[i]) : must_dup("");

			put_rules(out, comment, r->causes[i]->rule, &room);
			free(comment);
		}
	if (room.left_out)
		fprintf(out,
			"# %zu more are left out: --rules takes %d, of %d KiB together.  Mend what "
			"leaks, or write rules with patterns.\n",
			room.left_out, FDF_RULES_MAX, RULES_BYTES >> 10);
	if (unnamed)
		fprintf(out,
			"# %zu cause%s without a rule: there is no name that lasts, and a rule for "
			"all of its type would hide others.\n",
			unnamed, s(unnamed));
}

/* No rule is of what was not seen. */
static void remarks_as_comments(FILE *out, const struct report *r)
{
	char *text, *line, *rest;
	size_t len;
	FILE *remarks = open_memstream(&text, &len);

	if (!remarks)
		out_of_memory();
	render_remarks(remarks, r, true);
	fclose(remarks);
	for (line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		fprintf(out, "# %s\n", line);
	free(text);
}

void render_text(FILE *out, const struct report *r, const struct render_options *o)
{
	uint8_t of_leak[COLUMNS] = { SEVERITY, FROM, INTO, FD, TYPE, WHAT, TIMES };
	size_t ncolumns = TIMES + 1;
	static const uint8_t from_outside[] = { FD, TYPE, WHAT };

	if (o->only_rules) {
		rules(out, r, true);
		remarks_as_comments(out, r);
		return;
	}
	if (!o->quiet || r->leaks)
		put_headline(out, r, o->color);
	if (r->ncauses) {
		fputc('\n', out);
		if (outcomes_of(r).mixed)
			of_leak[ncolumns++] = OUTCOME;
		if (any_origin(r->causes, r->ncauses))
			of_leak[ncolumns++] = OPENED;
		if (any_note(r->causes, r->ncauses))
			of_leak[ncolumns++] = NOTE;
		table(out, r->causes, r->ncauses, of_leak, ncolumns, o);
		fputc('\n', out);
		dangers(out, r->causes, r->ncauses);
	}
	if (r->noutside && !o->quiet) {
		fprintf(out, "fdfence: CMD itself was given from outside, not counted%s:\n",
			r->sealed ? " (sealed)" : "");
		table(out, r->outside, r->noutside, from_outside, sizeof(from_outside), o);
	}
	if (!o->quiet || o->kept)
		kept(out, r, o);
	render_remarks(out, r, o->quiet);
	for (char **rule = r->unused; rule && *rule && !o->quiet; rule++) {
		char *text = shown(*rule);

		fprintf(out, "fdfence: unused rule: %s\n", text);
		free(text);
	}
	for (char **line = r->gone; line && *line && !o->quiet; line++) {
		char *text = shown(*line);

		fprintf(out, "fdfence: gone: %s\n", text);
		free(text);
	}
	if (o->rules && r->ncauses)
		rules(out, r, false);
}
