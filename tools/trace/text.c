/*
 * text.c: execs as text, one line a descriptor.
 *
 * Sample:
 *	PID    FROM           INTO          VERDICT  SEVERITY  FD  TYPE      WHAT
 *	41235  /usr/bin/dash  /usr/bin/cat  leaked   high       5  listener  tcp 127.0.0.1:8080
 *
 * Names are hostile: whatever is not plain text is written as \xHH.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/base/terminal.h"
#include "tools/kernel/decode.h"
#include "tools/kernel/request.h"
#include "tools/records/facts.h"
#include "tools/records/what.h"
#include "tools/trace/judge.h"
#include "tools/trace/text.h"

/* All but those that only `fdfence inspect` has. */
#define KNOWN (((view_set)(1u << (C_ARGV + 1)) - 1) | 1u << C_SEVERITY)

static const char standard[] = "PID,FROM,INTO,VERDICT,SEVERITY,FD,TYPE,WHAT";
static const char of_snapshot[] = "PID,FROM,SEVERITY,FD,TYPE,WHAT";

const char *trace_text_column(unsigned i)
{
	return view_column_name(KNOWN, i);
}

void trace_text_help(FILE *out)
{
	view_columns_help(out, KNOWN);
}

int trace_rows_init(struct view_rows *t, const struct trace_opts *o, int out, bool color)
{
	return view_rows_init(t, o->columns, o->snapshot ? of_snapshot : standard, KNOWN, out,
			      color);
}

static const char *verdict(const struct trace_judged *j, size_t i)
{
	if (i >= j->x->nfds)
		return j->lost ? "lost" : "clean";
	if (trace_is_killed(j, i))
		return "killed";
	switch (trace_kind(j, i)) {
	case SHOW_WOULD:
		return "would";
	case SHOW_KEPT:
		return "kept";
	default:
		return trace_perhaps_pair(j, i) ? "leaked?"
		       : j->v[i].verdict == FDF_REPORT
			       ? "leaked"
			       : fdf_verdict_name((enum fdf_verdict)j->v[i].verdict);
	}
}

static char *cred_text(const struct trace_exec *x)
{
	const struct fdt_who *a = &x->prep.who, *b = &x->begin.who;

	if (!x->have_prep || (a->uid == b->uid && a->gid == b->gid))
		return must_dup("");
	return must_printf("%u:%u>%u:%u", a->uid, a->gid, b->uid, b->gid);
}

/* What the tracer alone knows. */
static char *own_cell(const struct trace_judged *j, size_t i, enum view_column c)
{
	return c == C_VERDICT ? must_dup(verdict(j, i)) : c == C_CRED ? cred_text(j->x) : NULL;
}

void trace_cells(const struct trace_judged *j, size_t i, const uint8_t *order, size_t n,
		 char **cells)
{
	bool alone = i >= j->x->nfds;
	struct rec_facts f;

	if (!alone)
		rec_facts(&f, &j->x->fds[i].d, &j->v[i]);
	for (size_t c = 0; c < n; c++) {
		cells[c] = own_cell(j, i, order[c]);
		if (!cells[c] && !alone)
			cells[c] = view_fd_cell(&f.fd, order[c]);
		if (!cells[c])
			cells[c] = view_process_cell(&j->exec, &j->place, order[c]);
		if (!cells[c])
			cells[c] = must_dup("");
	}
	if (!alone)
		rec_facts_free(&f);
}

/* Red is what crossed and was not meant, green what was, as elsewhere. */
static const char *verdict_color(const struct trace_judged *j, size_t i)
{
	if (i >= j->x->nfds)
		return j->lost ? "red" : "green";
	return trace_kind(j, i) == SHOW_LEAKED ? "red" : "green";
}

/* Which descriptors are shown, the number behind the last for the exec alone; returns how many. */
static size_t wanted(const struct trace_judged *j, const struct trace_opts *o, size_t *rows)
{
	size_t n = 0, alone = j->x->nfds;

	for (size_t i = 0; i < j->x->nfds; i++)
		if (trace_wants(o, j, i))
			rows[n++] = i;
	if (!n && (o->show & SHOW_CLEAN || j->lost) && trace_wants(o, j, alone))
		rows[n++] = alone;
	return n;
}

/* One line for the leaks in rows that the shim may keep; "" if there is none.  The caller frees. */
static char *pairs_line(const struct trace_judged *j, const size_t *rows, size_t n)
{
	char *list = must_dup(""), *line;

	for (size_t r = 0; r < n; r++) {
		char *before = list;

		if (rows[r] >= j->x->nfds || !trace_perhaps_pair(j, rows[r]))
			continue;
		list = must_printf("%s%s%d", before, *before ? ", " : "", j->x->fds[rows[r]].d.fd);
		free(before);
	}
	line = *list ? must_printf("%7s  (named exactly: %s; the shim may keep it as one end of a "
				   "pair made for this child)\n",
				   "", list)
		     : must_dup("");
	free(list);
	return line;
}

char *trace_rows(struct view_rows *t, const struct trace_judged *j, const struct trace_opts *o)
{
	size_t *rows = must_alloc((j->x->nfds + 1) * sizeof(*rows)), n = wanted(j, o, rows);
	char **cells = must_alloc(n * t->n * sizeof(*cells)), *table, *text, *pairs;
	const char **colors = must_alloc(n * sizeof(*colors));

	for (size_t r = 0; r < n; r++) {
		trace_cells(j, rows[r], t->order, t->n, cells + r * t->n);
		colors[r] = verdict_color(j, rows[r]);
	}
	table = n ? view_rows(t, cells, colors, n) : must_dup("");
	pairs = pairs_line(j, rows, n);
	text = n && j->inexact ? must_printf("%s%s%7s  (%s)\n", table, pairs, "", j->inexact)
			       : must_printf("%s%s", table, pairs);
	free(pairs);
	free(rows);
	free(cells);
	free(colors);
	free(table);
	return text;
}
