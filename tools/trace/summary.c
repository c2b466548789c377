/*
 * summary.c: --summary: counts from the kernel, words from the first exec of
 * each group.
 *
 * Sample:
 *	COUNT  FROM            INTO           VERDICT  SEVERITY  TYPE      WHAT
 *	  812  /usr/sbin/cron  /usr/bin/dash  leaked   high      listener  tcp 127.0.0.1:25
 */
#include <stdlib.h>
#include <string.h>

#include "preload/core/hash.h"
#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/trace/summary.h"
#include "tools/trace/text.h"

#define PLACES 32768 /* more than the kernel has groups */

static const uint8_t columns_of[] = { C_FROM, C_INTO, C_VERDICT, C_SEVERITY, C_TYPE, C_WHAT };
#define CELLS (sizeof(columns_of) / sizeof(columns_of[0]))

struct words {
	uint64_t id;
	uint64_t count; /* where the kernel does not count */
	enum trace_show kind;
	bool killed;
	bool below, below_open; /* trace_is_below(), and perhaps not: no line */
	char *cell[CELLS];
};

struct trace_summary {
	struct words places[PLACES];
	struct line {
		uint64_t count;
		const struct words *words;
	} * lines; /* once it is finished */
	size_t nlines;
};

struct trace_summary *trace_summary_new(void)
{
	return must_alloc(sizeof(struct trace_summary));
}

void trace_summary_free(struct trace_summary *s)
{
	for (size_t i = 0; i < PLACES; i++)
		for (size_t c = 0; c < CELLS; c++)
			free(s->places[i].cell[c]);
	free(s->lines);
	free(s);
}

static struct words *find(struct trace_summary *s, uint64_t id)
{
	size_t at = (id ^ id >> 12) % PLACES, i;

	for (i = 0; i < PLACES; i++, at = (at + 1) % PLACES)
		if (!s->places[at].id || s->places[at].id == id)
			return &s->places[at];
	return NULL;
}

/* By its words, each with its NUL; ids of the kernel are far below. */
static uint64_t hash(char *const *cell)
{
	uint64_t h = FDF_HASH_START;

	for (size_t c = 0; c < CELLS; c++)
		h = fdf_hash(h, cell[c], strlen(cell[c]) + 1);
	return h | 1ull << 63;
}

/* A place for the words of cell, which are taken over; NULL: there is none. */
static struct words *take(struct trace_summary *s, uint64_t id, char **cell)
{
	struct words *w = find(s, id);
	bool fresh = w && !w->id;

	for (size_t c = 0; c < CELLS; c++) {
		if (fresh)
			w->cell[c] = cell[c];
		else
			free(cell[c]);
	}
	if (fresh)
		w->id = id;
	return w;
}

void trace_summary_note(struct trace_summary *s, const struct trace_judged *j,
			const struct trace_opts *o)
{
	char *cell[CELLS];
	struct words *w;

	for (size_t i = 0; i < j->x->nfds; i++) {
		uint64_t group = j->x->fds[i].group;

		bool below = trace_is_below(o, j, i);

		if (!below && !trace_matches(o, j, i))
			continue;
		trace_cells(j, i, columns_of, CELLS, cell);
		w = take(s, group ? group : hash(cell), cell);
		if (!w)
			continue;
		w->kind = trace_kind(j, i);
		w->killed = trace_is_killed(j, i);
		w->below = below;
		w->below_open = below && fdf_severity_of(&j->x->fds[i].d).at_least;
		w->count += !group;
	}
}

static int by_words(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int r;

	for (size_t c = 0; c < CELLS; c++)
		if ((r = strcmp(x->words->cell[c], y->words->cell[c])))
			return r;
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : by_words(a, b);
}

/* Groups of the kernel that read the same are one line: an inode is no name. */
static void merge(struct trace_summary *s)
{
	struct line *l = s->lines;
	size_t i, to = 0;

	if (!s->nlines)
		return;
	qsort(l, s->nlines, sizeof(*l), by_words);
	for (i = 0; i < s->nlines; i++) {
		if (to && !by_words(&l[to - 1], &l[i]))
			l[to - 1].count += l[i].count;
		else
			l[to++] = l[i];
	}
	s->nlines = to;
	qsort(l, to, sizeof(*l), by_count);
}

void trace_summary_finish(struct trace_summary *s, struct trace_bpf *b)
{
	struct fdt_group *groups;
	size_t n = trace_bpf_groups(b, &groups), i;
	struct words *w;

	s->lines = must_alloc((n + PLACES) * sizeof(*s->lines));
	for (i = 0; i < n; i++) {
		w = find(s, groups[i].id);
		if (w && w->id)
			s->lines[s->nlines++] = (struct line){ groups[i].count, w };
	}
	for (i = 0; i < PLACES; i++)
		if (s->places[i].count)
			s->lines[s->nlines++] = (struct line){ s->places[i].count, &s->places[i] };
	free(groups);
	merge(s);
}

unsigned long long trace_summary_count(const struct trace_summary *s, enum trace_show kind,
				       bool killed)
{
	unsigned long long n = 0;

	for (size_t i = 0; i < s->nlines; i++)
		if (s->lines[i].words->kind == kind && s->lines[i].words->killed == killed &&
		    !s->lines[i].words->below)
			n += s->lines[i].count;
	return n;
}

unsigned long long trace_summary_below(const struct trace_summary *s, bool open)
{
	unsigned long long n = 0;

	for (size_t i = 0; i < s->nlines; i++)
		if (open ? s->lines[i].words->below_open : s->lines[i].words->below)
			n += s->lines[i].count;
	return n;
}

static bool is_shown(const struct words *w, unsigned show)
{
	return w->kind & show && !w->below;
}

char *trace_summary_text(const struct trace_summary *s, unsigned show, unsigned width)
{
	struct table_column columns[CELLS + 1] = { { "COUNT", 5, TABLE_RIGHT, "" } };
	uint8_t order[CELLS + 1] = { 0 };
	struct table *t;

	for (size_t c = 0; c < CELLS; c++) {
		order[c + 1] = (uint8_t)(c + 1);
		columns[c + 1] = (struct table_column){ .name = view_columns[columns_of[c]].name,
							.width = 4,
							.flags = TABLE_WRAP };
	}
	t = table_new(columns, order, CELLS + 1, (struct table_look){ .width = width });
	for (size_t i = 0; i < s->nlines; i++) {
		const struct words *w = s->lines[i].words;

		if (!is_shown(w, show))
			continue;
		table_row(t);
		table_put(t, 0, must_printf("%llu", (unsigned long long)s->lines[i].count));
		for (size_t c = 0; c < CELLS; c++)
			table_put(t, c + 1, must_dup(w->cell[c]));
	}
	return table_print(t);
}

/* Plain text has no byte that JSON refuses, and two that it wants a backslash before. */
static void put_member(struct fdf_text *t, const char *name, struct fdf_str plain)
{
	if (!plain.len)
		return;
	fdf_putf(t, ",\"%s\":\"", name);
	for (size_t i = 0; i < plain.len; i++) {
		if (plain.s[i] == '"' || plain.s[i] == '\\')
			fdf_putc(t, '\\');
		fdf_putc(t, plain.s[i]);
	}
	fdf_putc(t, '"');
}

/* Members are named as in records; the access stands behind the type, with a blank between. */
static void put_json(struct fdf_text *t, const struct line *l)
{
	static const char *const names[CELLS] = { "exe",      "into", "verdict",
						  "severity", "type", "what" };

	fdf_putf(t, "{\"count\":%l", l->count);
	for (size_t c = 0; c < CELLS; c++) {
		const char *cell = l->words->cell[c], *blank = NULL;
		struct fdf_str s = fdf_str(cell);

		if (columns_of[c] == C_TYPE)
			blank = strchr(cell, ' ');
		if (blank)
			s.len = (size_t)(blank - cell);
		put_member(t, names[c], s);
		if (blank)
			put_member(t, "access", fdf_str(blank + 1));
	}
	fdf_puts(t, "}\n");
}

char *trace_summary_json(const struct trace_summary *s, unsigned show)
{
	size_t room = 1;
	struct fdf_text t;
	char *text;

	for (size_t i = 0; i < s->nlines; i++) {
		room += 128;
		for (size_t c = 0; c < CELLS; c++)
			room += 2 * strlen(s->lines[i].words->cell[c]);
	}
	text = must_alloc(room);
	t = (struct fdf_text){ .p = text, .end = text + room - 1 };
	for (size_t i = 0; i < s->nlines; i++)
		if (is_shown(s->lines[i].words, show))
			put_json(&t, &s->lines[i]);
	*t.p = '\0';
	return text;
}
