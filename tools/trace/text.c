/*
 * text.c: execs as text, one line a descriptor.
 *
 * Sample:
 *	PID    FROM           INTO          VERDICT   FD  TYPE      WHAT
 *	41235  /usr/bin/dash  /usr/bin/cat  leaked     5  listener  tcp 127.0.0.1:8080
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

/* The one table of columns: header, width, help. */
const struct table_column trace_columns[TRACE_COLUMNS] = {
	[C_TIME] = { "TIME", 15, 0, "time of day of the exec" },
	[C_PID] = { "PID", 7, TABLE_RIGHT, "process" },
	[C_PPID] = { "PPID", 7, TABLE_RIGHT, "its parent" },
	[C_UID] = { "UID", 6, TABLE_RIGHT, "effective user that called exec" },
	[C_COMM] = { "COMM", 15, 0, "name of the thread that called exec" },
	[C_FROM] = { "FROM", 20, 0, "image that called exec" },
	[C_INTO] = { "INTO", 20, 0, "image, or script, that was executed" },
	[C_VERDICT] = { "VERDICT", 7, 0,
			"leaked, kept, would (sealed before), deny, killed, clean, lost" },
	[C_REASON] = { "REASON", 15, 0, "what decided" },
	[C_FD] = { "FD", 4, TABLE_RIGHT, "descriptor" },
	[C_TYPE] = { "TYPE", 8, 0, "its type and access" },
	[C_ACCESS] = { "ACCESS", 6, 0, "r, w, rw, path; nothing for a socket" },
	[C_WHAT] = { "WHAT", 20, 0,
		     "path, socket addresses, pipe, kind of anonymous file, as check says it" },
	[C_TARGET] = { "TARGET", 20, 0, "the same with the numbers of this one: ports, pipes" },
	[C_CGROUP] = { "CGROUP", 20, 0, "path of the cgroup" },
	[C_CONTAINER] = { "CONTAINER", 12, 0, "container id, its first 12 digits" },
	[C_MNTNS] = { "MNTNS", 10, TABLE_RIGHT, "mount namespace" },
	[C_PIDNS] = { "PIDNS", 10, TABLE_RIGHT, "pid namespace" },
	[C_CRED] = { "CRED", 8, 0, "change of effective user and group, such as 1000:1000>0:1000" },
	[C_ARGV] = { "ARGV", 20, 0, "arguments of the new image" },
};

/* How wide a column becomes for what it holds; the last one is as wide as it likes. */
#define WIDEST 60

static const char standard[] = "PID,FROM,INTO,VERDICT,FD,TYPE,WHAT";
static const char of_snapshot[] = "PID,FROM,FD,TYPE,WHAT";

struct trace_rows {
	struct table_column columns[TRACE_COLUMNS]; /* as wide as what was shown so far */
	uint8_t order[TRACE_COLUMNS];		    /* enum trace_column */
	size_t n;
	bool headed, color;
};

const char *trace_text_column(unsigned i)
{
	return i < TRACE_COLUMNS ? trace_columns[i].name : NULL;
}

void trace_text_help(FILE *out)
{
	table_help(out, trace_columns, TRACE_COLUMNS);
}

/* The column that n bytes of a list name; TRACE_COLUMNS: none. */
static enum trace_column named(const char *name, size_t n)
{
	enum trace_column c;

	for (c = 0; c < TRACE_COLUMNS; c++)
		if (strlen(trace_columns[c].name) == n &&
		    !strncasecmp(trace_columns[c].name, name, n))
			break;
	return c;
}

struct trace_rows *trace_rows_open(const struct trace_opts *o, bool color)
{
	const char *p = o->columns ? o->columns : o->snapshot ? of_snapshot : standard;
	struct trace_rows *t = must_alloc(sizeof(*t));

	t->color = color;
	memcpy(t->columns, trace_columns, sizeof(trace_columns));
	for (;; p++) {
		size_t n = strcspn(p, ",");
		enum trace_column c = named(p, n);

		if (c == TRACE_COLUMNS || t->n == TRACE_COLUMNS) {
			say("--columns %s: expected a list of columns; --columns=help names them",
			    o->columns);
			free(t);
			return NULL;
		}
		t->order[t->n++] = (uint8_t)c;
		p += n;
		if (!*p)
			return t;
	}
}

void trace_rows_close(struct trace_rows *t)
{
	free(t);
}

static char *argv_text(const struct trace_judged *j)
{
	char *all = must_dup(""), *next;
	size_t i;

	for (i = 0; j->argv && j->argv[i] && strlen(all) < 4096; i++) {
		next = must_printf("%s%s%s", all, i ? " " : "", j->argv[i]);
		free(all);
		all = next;
	}
	return all;
}

static const char *verdict(const struct trace_judged *j, size_t i)
{
	if (i >= j->x->nfds)
		return j->lost ? "lost" : "clean";
	if (j->x->end.killed && j->v[i].verdict == FDF_DENY)
		return "killed";
	switch (trace_kind(j, i)) {
	case SHOW_WOULD:
		return "would";
	case SHOW_KEPT:
		return "kept";
	default:
		return j->v[i].verdict == FDF_REPORT
			       ? "leaked"
			       : fdf_verdict_name((enum fdf_verdict)j->v[i].verdict);
	}
}

static char *clock_text(const struct fdf_exec *e)
{
	time_t s = (time_t)e->time_s;
	struct tm tm;
	char buf[32] = "";

	if (localtime_r(&s, &tm))
		strftime(buf, sizeof(buf), "%H:%M:%S", &tm);
	return must_printf("%s.%06u", buf, e->time_ns / 1000);
}

static char *cred_text(const struct trace_exec *x)
{
	const struct fdt_who *a = &x->prep.who, *b = &x->begin.who;

	if (!x->have_prep || (a->uid == b->uid && a->gid == b->gid))
		return must_dup("");
	return must_printf("%u:%u>%u:%u", a->uid, a->gid, b->uid, b->gid);
}

/* Text about the exec, as it came. */
static char *of_exec(const struct trace_judged *j, enum trace_column c)
{
	const struct fdf_exec *e = &j->exec;

	switch (c) {
	case C_TIME:
		return clock_text(e);
	case C_PID:
		return must_printf("%d", e->pid);
	case C_PPID:
		return must_printf("%d", e->ppid);
	case C_UID:
		return must_printf("%u", e->uid);
	case C_COMM:
		return must_printf("%.*s", (int)e->comm.len, e->comm.s);
	case C_FROM:
		return must_dup(*j->exe ? j->exe : "?");
	case C_INTO:
		return must_dup(j->into);
	case C_CGROUP:
		return must_dup(j->cgroup);
	case C_CONTAINER:
		return must_printf("%.12s", j->container);
	case C_MNTNS:
		return must_printf("%u", j->x->begin.mnt_ns);
	case C_PIDNS:
		return must_printf("%u", j->x->begin.pid_ns);
	case C_CRED:
		return cred_text(j->x);
	case C_ARGV:
		return argv_text(j);
	default:
		return must_dup("");
	}
}

/* Text about a descriptor, plain; NULL: the column is not about one. */
static char *of_fd(const struct rec_fd *f, enum trace_column c)
{
	switch (c) {
	case C_REASON:
		return what_reason(f);
	case C_FD:
		return must_printf("%d", f->fd);
	case C_TYPE:
		return what_type(f->type, f->access);
	case C_ACCESS:
		return must_dup(f->access);
	case C_WHAT:
		return what_text(f);
	case C_TARGET:
		return what_exact(f);
	default:
		return NULL;
	}
}

void trace_cells(const struct trace_judged *j, size_t i, const uint8_t *order, size_t n,
		 char **cells)
{
	bool alone = i >= j->x->nfds;
	struct rec_facts f;

	if (!alone)
		rec_facts(&f, &j->x->fds[i].d, &j->v[i]);
	for (size_t c = 0; c < n; c++) {
		char *text;

		cells[c] = order[c] == C_VERDICT ? must_dup(verdict(j, i))
			   : alone		 ? NULL
						 : of_fd(&f.fd, order[c]);
		if (cells[c])
			continue;
		text = of_exec(j, order[c]);
		cells[c] = escaped(fdf_str(text));
		free(text);
	}
	if (!alone)
		rec_facts_free(&f);
}

/* Live: an exec is shown at once, so a column that had to become wider stays so. */
static void widen(struct table_column *c, const char *plain)
{
	unsigned width = shown_width(plain);

	if (width > c->width && width <= WIDEST)
		c->width = width;
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

static char *table_of(struct trace_rows *t, const struct trace_judged *j, const size_t *rows,
		      char *const *cells, size_t n)
{
	struct table *table =
		table_new(t->columns, t->order, t->n,
			  (struct table_look){ .headless = t->headed, .color = t->color });

	for (size_t r = 0; r < n; r++) {
		table_row(table);
		for (size_t c = 0; c < t->n; c++) {
			table_put(table, c, *cells++);
			if (t->order[c] == C_VERDICT)
				table_color(table, c, verdict_color(j, rows[r]));
		}
	}
	t->headed = true;
	return table_print(table);
}

char *trace_rows(struct trace_rows *t, const struct trace_judged *j, const struct trace_opts *o)
{
	size_t *rows = must_alloc((j->x->nfds + 1) * sizeof(*rows)), n = wanted(j, o, rows);
	char **cells = must_alloc(n * t->n * sizeof(*cells)), *table, *text;

	for (size_t r = 0; r < n; r++) {
		trace_cells(j, rows[r], t->order, t->n, cells + r * t->n);
		for (size_t c = 0; c + 1 < t->n; c++)
			widen(&t->columns[t->order[c]], cells[r * t->n + c]);
	}
	table = n ? table_of(t, j, rows, cells, n) : must_dup("");
	text = n && j->inexact ? must_printf("%s%7s  (%s)\n", table, "", j->inexact)
			       : must_dup(table);
	free(rows);
	free(cells);
	free(table);
	return text;
}
