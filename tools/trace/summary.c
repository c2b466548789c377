/*
 * summary.c: --summary: counts from the kernel, words from the first exec of
 * each group.
 *
 * Sample:
 *	COUNT FROM           INTO          VERDICT TYPE     TARGET
 *	  812 /usr/sbin/cron /usr/bin/dash leaked  listener 127.0.0.1:25
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/request.h"
#include "tools/trace/judge.h"
#include "tools/trace/out.h"
#include "tools/trace/summary.h"
#include "tools/trace/text.h"

#define PLACES 32768 /* more than the kernel has groups */
#define CELLS  5

static struct words {
	uint64_t id;
	uint64_t count; /* where the kernel does not count */
	char *cell[CELLS];
} places[PLACES];

struct line {
	uint64_t count;
	char *const *cell;
};

static struct words *find(uint64_t id)
{
	size_t at = (id ^ id >> 12) % PLACES, i;

	for (i = 0; i < PLACES; i++, at = (at + 1) % PLACES)
		if (!places[at].id || places[at].id == id)
			return &places[at];
	return NULL;
}

/* By its words: FNV-1a; ids of the kernel are far below. */
static uint64_t hash(char *const *cell)
{
	uint64_t h = 0xcbf29ce484222325ull;
	const char *p;
	int c;

	for (c = 0; c < CELLS; c++)
		for (p = cell[c]; p == cell[c] || p[-1]; p++)
			h = (h ^ (unsigned char)*p) * 0x100000001b3ull;
	return h | 1ull << 63;
}

static void take(uint64_t id, char *const *cell, bool counting)
{
	struct words *w = find(id);
	int c;

	if (w && counting)
		w->count++;
	for (c = 0; c < CELLS; c++) {
		if (w && !w->id)
			w->cell[c] = cell[c];
		else
			free(cell[c]);
	}
	if (w)
		w->id = id;
}

void trace_sum_note(const struct trace_judged *j, const struct trace_opts *o)
{
	static const enum trace_cell cells[CELLS] = { CELL_FROM, CELL_INTO, CELL_VERDICT, CELL_TYPE,
						      CELL_TARGET };
	char *cell[CELLS];
	size_t i, c;

	for (i = 0; i < j->x->nfds; i++) {
		uint64_t group = j->x->fds[i].group;

		if (!trace_wants(o, j, i))
			continue;
		for (c = 0; c < CELLS; c++)
			cell[c] = trace_text_cell(j, i, cells[c]);
		take(group ? group : hash(cell), cell, !group);
	}
}

static int by_words(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	int c, r;

	for (c = 0; c < CELLS; c++)
		if ((r = strcmp(x->cell[c], y->cell[c])))
			return r;
	return 0;
}

static int by_count(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return x->count < y->count ? 1 : x->count > y->count ? -1 : by_words(a, b);
}

/* Groups of the kernel that read the same are one line: an inode is no name. */
static size_t merge(struct line *l, size_t n)
{
	size_t i, to = 0;

	qsort(l, n, sizeof(*l), by_words);
	for (i = 0; i < n; i++) {
		if (to && !by_words(&l[to - 1], &l[i]))
			l[to - 1].count += l[i].count;
		else
			l[to++] = l[i];
	}
	qsort(l, to, sizeof(*l), by_count);
	return to;
}

static const struct table_column columns[CELLS + 1] = {
	{ "COUNT", 5, TABLE_RIGHT, "" }, { "FROM", 4, 0, "" }, { "INTO", 4, 0, "" },
	{ "VERDICT", 7, 0, "" },	 { "TYPE", 4, 0, "" }, { "TARGET", 6, 0, "" },
};

static void print(const struct line *l, size_t n)
{
	static const uint8_t order[] = { 0, 1, 2, 3, 4, 5 };
	struct table *t = table_new(columns, order, sizeof(order), (struct table_look){ 0 });
	char *text;

	for (size_t i = 0; i < n; i++) {
		table_row(t);
		table_put(t, 0, must_printf("%llu", (unsigned long long)l[i].count));
		for (size_t c = 0; c < CELLS; c++)
			table_put(t, c + 1, must_dup(l[i].cell[c]));
	}
	text = table_print(t);
	fputs(text, trace_out_file());
	free(text);
}

void trace_sum_print(struct trace_bpf *b)
{
	struct fdt_group *groups;
	size_t n = trace_bpf_groups(b, &groups), i, to = 0;
	struct line *lines = must_alloc((n + PLACES) * sizeof(*lines));
	struct words *w;

	for (i = 0; i < n; i++) {
		w = find(groups[i].id);
		if (w && w->id)
			lines[to++] = (struct line){ groups[i].count, w->cell };
	}
	for (i = 0; i < PLACES; i++)
		if (places[i].count)
			lines[to++] = (struct line){ places[i].count, places[i].cell };
	print(lines, merge(lines, to));
	free(lines);
	free(groups);
}
