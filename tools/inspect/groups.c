/*
 * groups.c: --by unit, --by program: what is the same in several processes is one row.
 *
 * Sample:
 *	UNIT           HELD  VERDICT  SEVERITY  TYPE      WHAT
 *	nginx.service     3  leak     high      listener  tcp 0.0.0.0:80
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/inspect/show.h"
#include "tools/records/facts.h"
#include "tools/records/what.h"

struct group_row {
	char *key; /* the unit or program, plain */
	char *type, *what;
	const struct inspect_fd *fd;	   /* the first of them */
	const struct inspect_process *who; /* whose it is */
	size_t held;			   /* by how many processes */
	const struct inspect_fd *worst;	   /* of all rows with this key */
};

struct group_rows {
	struct group_row *row;
	size_t n, cap;
};

static char *key_of(const struct inspect_process *x, enum inspect_by by)
{
	const char *key = by == BY_PROGRAM ? x->exe : *x->unit ? x->unit : x->cgroup;

	return escaped(fdf_str(*key ? key : "?"));
}

static void add(struct group_rows *g, const struct inspect_process *x, const struct inspect_fd *fd,
		enum inspect_by by)
{
	struct rec_facts facts;

	if (g->n == g->cap) {
		g->cap = g->cap ? 2 * g->cap : 64;
		g->row = reallocarray(g->row, g->cap, sizeof(*g->row));
		if (!g->row)
			out_of_memory();
	}
	rec_facts(&facts, &fd->f->d, &fd->v);
	g->row[g->n++] = (struct group_row){ .key = key_of(x, by),
					     .type = what_type(facts.fd.type, facts.fd.access),
					     .what = what_text(&facts.fd),
					     .fd = fd,
					     .who = x,
					     .held = 1 };
	rec_facts_free(&facts);
}

/* Rows that read the same. */
static int by_words(const void *a, const void *b)
{
	const struct group_row *x = a, *y = b;
	int r = strcmp(x->key, y->key);

	if (!r)
		r = inspect_order(x->fd, y->fd);
	if (!r)
		r = strcmp(inspect_verdict(x->fd), inspect_verdict(y->fd));
	if (!r)
		r = strcmp(x->type, y->type);
	return r ? r : strcmp(x->what, y->what);
}

/* ... and those of one process behind each other, so that it is counted once. */
static int by_words_and_process(const void *a, const void *b)
{
	const struct group_row *x = a, *y = b;
	int r = by_words(a, b);

	return r ? r : x->who < y->who ? -1 : x->who > y->who;
}

/* Groups with the worst first, which is that of their first row. */
static int by_worst(const void *a, const void *b)
{
	const struct group_row *x = a, *y = b;
	int r = inspect_order(x->worst, y->worst);

	return r ? r : by_words(a, b);
}

static void row_free(struct group_row *r)
{
	free(r->key);
	free(r->type);
	free(r->what);
}

static void merge(struct group_rows *g)
{
	const struct inspect_process *last = NULL;
	size_t to = 0;

	if (!g->n)
		return;
	qsort(g->row, g->n, sizeof(*g->row), by_words_and_process);
	for (size_t i = 0; i < g->n; i++) {
		struct group_row *r = &g->row[i];

		if (to && !by_words(&g->row[to - 1], r)) {
			g->row[to - 1].held += r->who != last;
			last = r->who;
			row_free(r);
			continue;
		}
		last = r->who;
		g->row[to++] = *r;
	}
	g->n = to;
	for (size_t i = 0; i < to; i++)
		g->row[i].worst = i && !strcmp(g->row[i - 1].key, g->row[i].key)
					  ? g->row[i - 1].worst
					  : g->row[i].fd;
	qsort(g->row, to, sizeof(*g->row), by_worst);
}

static char *cell_of(const struct group_row *r, enum view_column c)
{
	switch (c) {
	case C_HELD:
		return must_printf("%zu", r->held);
	case C_VERDICT:
		return must_dup(inspect_verdict(r->fd));
	case C_SEVERITY:
		return inspect_severity(r->fd);
	case C_TYPE:
		return must_dup(r->type);
	case C_WHAT:
		return must_dup(r->what);
	default: /* C_UNIT, C_FROM */
		return must_dup(r->key);
	}
}

static char *table_of(const struct group_rows *g, enum inspect_by by, const struct output *out)
{
	const view_set set = (view_set)-1;
	struct view_rows t;
	char **cells, *text;
	const char **colors;

	view_rows_init(&t, NULL,
		       by == BY_PROGRAM ? "FROM,HELD,VERDICT,SEVERITY,TYPE,WHAT"
					: "UNIT,HELD,VERDICT,SEVERITY,TYPE,WHAT",
		       set, fileno(out->file), out->color);
	t.all = true;
	cells = must_alloc(g->n * t.n * sizeof(*cells));
	colors = must_alloc(g->n * sizeof(*colors));
	for (size_t i = 0; i < g->n; i++) {
		for (size_t c = 0; c < t.n; c++)
			cells[i * t.n + c] = cell_of(&g->row[i], (enum view_column)t.order[c]);
		colors[i] = g->row[i].fd->kind == KIND_LEAK ? "red" : "green";
	}
	text = view_rows(&t, cells, colors, g->n);
	free(cells);
	free(colors);
	return text;
}

char *inspect_groups(const struct inspect_process *all, size_t n, const struct inspect_opts *o,
		     const struct output *out)
{
	struct group_rows g = { 0 };
	char *text;

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < all[i].tables.n; k++)
			for (size_t f = 0; f < all[i].table[k].n; f++)
				add(&g, &all[i], &all[i].table[k].fds[f], (enum inspect_by)o->by);
	merge(&g);
	text = g.n ? table_of(&g, (enum inspect_by)o->by, out) : must_dup("");
	for (size_t i = 0; i < g.n; i++)
		row_free(&g.row[i]);
	free(g.row);
	return text;
}
