/*
 * show.c: see show.h.
 *
 * Sample:
 *	PID  FROM             FD  VERDICT  SEVERITY  TYPE      TARGET            NOTE
 *	812  /usr/sbin/nginx   6  leak     high      listener  tcp 0.0.0.0:80    listening
 *	812  /usr/sbin/nginx   4  leak     medium+   file w    /var/log/access   same as 2
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/inspect/show.h"
#include "tools/records/facts.h"
#include "tools/records/what.h"

static const struct {
	int bit;
	const char *name;
} seals[] = {
	{ F_SEAL_SEAL, "seal" },   { F_SEAL_SHRINK, "shrink" }, { F_SEAL_GROW, "grow" },
	{ F_SEAL_WRITE, "write" }, { 0x10, "future-write" }, /* F_SEAL_FUTURE_WRITE, Linux 5.1 */
	{ 0x20, "exec" },				     /* F_SEAL_EXEC, 6.3 */
};

/* Names of the seals that are set, with sep between and quote around each. */
static void put_seals(struct fdf_text *t, int set, const char *sep, const char *quote)
{
	bool first = true;

	for (size_t i = 0; i < sizeof(seals) / sizeof(seals[0]); i++) {
		if (!(set & seals[i].bit))
			continue;
		fdf_putf(t, "%s%s%s%s", first ? "" : sep, quote, seals[i].name, quote);
		first = false;
	}
}

static char *note_of(const struct proc_fd *f)
{
	char buf[256];
	struct fdf_text t = { .p = buf, .end = buf + sizeof(buf) - 1 };

	if (f->state)
		fdf_putf(&t, "%s", f->state);
	if (f->tty)
		fdf_puts(&t, f->tty == TTY_CONTROLLING ? "controlling tty" : "tty");
	if (f->seals >= 0) {
		fdf_puts(&t, f->seals ? "seals " : "no seals");
		put_seals(&t, f->seals, ",", "");
	}
	if (f->same >= 0)
		fdf_putf(&t, "%ssame as %u", t.p > buf ? ", " : "", (unsigned)f->same);
	*t.p = '\0';
	return must_dup(buf);
}

const char *inspect_verdict(const struct inspect_fd *i)
{
	if (i->kind == KIND_LEAK)
		return i->v.verdict == FDF_REPORT
			       ? "leak"
			       : fdf_verdict_name((enum fdf_verdict)i->v.verdict);
	return i->kind == KIND_KEPT ? "kept" : "sealed";
}

char *inspect_severity(const struct inspect_fd *i)
{
	return i->kind == KIND_KEPT ? must_dup("") : what_severity(i->s);
}

static char *cell_of(const struct inspect_process *x, const struct inspect_table *t,
		     const struct inspect_fd *i, const struct rec_fd *f, enum view_column c)
{
	char *cell = c == C_VERDICT    ? must_dup(inspect_verdict(i))
		     : c == C_SEVERITY ? inspect_severity(i)
		     : c == C_NOTE     ? note_of(i->f)
				       : view_fd_cell(f, c);

	return cell ? cell : view_process_cell(&t->exec, &x->place, c);
}

static const char standard[] = "PID,FROM,FD,VERDICT,SEVERITY,TYPE,TARGET,NOTE";
static const char watching[] = "TIME,PID,FROM,FD,VERDICT,SEVERITY,TYPE,TARGET,NOTE";

int inspect_rows_init(struct view_rows *t, const struct inspect_opts *o, const struct output *out)
{
	if (view_rows_init(t, o->columns, o->watch ? watching : standard, inspect_columns,
			   fileno(out->file), out->color))
		return -1;
	t->all = !o->watch;
	return 0;
}

/* Cells of all rows, and the colour of each row. */
struct cells {
	char **cell;
	const char **color;
	size_t n; /* rows */
};

static void add_row(struct cells *to, const struct view_rows *t, const struct inspect_process *x,
		    const struct inspect_table *table, const struct inspect_fd *f)
{
	struct rec_facts facts;

	rec_facts(&facts, &f->f->d, &f->v);
	for (size_t c = 0; c < t->n; c++)
		to->cell[to->n * t->n + c] =
			cell_of(x, table, f, &facts.fd, (enum view_column)t->order[c]);
	rec_facts_free(&facts);
	to->color[to->n++] = f->kind == KIND_LEAK ? "red" : "green";
}

/*
 * What could not be told, a line for each table, and who is fenced; *n is how many descriptors there
 * are.
 */
static char *notes_of(const struct inspect_process *all, size_t processes, size_t *n)
{
	char *notes = NULL;
	size_t len;
	FILE *out = open_memstream(&notes, &len);

	if (!out)
		out_of_memory();
	*n = 0;
	for (size_t i = 0; i < processes; i++) {
		for (size_t k = 0; k < all[i].tables.n; k++) {
			const struct inspect_table *t = &all[i].table[k];

			*n += t->n;
			if (t->inexact && !t->told)
				fprintf(out, "%7s  (%d: %s)\n", "", (int)all[i].pid, t->inexact);
		}
		if (all[i].fenced && !all[i].fenced_told)
			fprintf(out, "%7s  (%d: %s, and seals what its settings call a leak)\n", "",
				(int)all[i].pid,
				all[i].fenced == FENCED_BY_LIBRARY ? "libfdfence.so is in it"
								   : "a supervisor is above it");
	}
	if (fclose(out))
		out_of_memory();
	return notes;
}

char *inspect_rows(struct view_rows *t, const struct inspect_process *all, size_t processes)
{
	struct cells cells = { 0 };
	char *notes, *rows, *text;
	size_t n;

	notes = notes_of(all, processes, &n);
	cells.cell = must_alloc(n * t->n * sizeof(*cells.cell));
	cells.color = must_alloc(n * sizeof(*cells.color));
	for (size_t i = 0; i < processes; i++)
		for (size_t k = 0; k < all[i].tables.n; k++)
			for (size_t f = 0; f < all[i].table[k].n; f++)
				if (all[i].table[k].fds[f].shown)
					add_row(&cells, t, &all[i], &all[i].table[k],
						&all[i].table[k].fds[f]);
	rows = cells.n ? view_rows(t, cells.cell, cells.color, cells.n) : must_dup("");
	text = must_printf("%s%s", rows, notes);
	free(rows);
	free(notes);
	free(cells.cell);
	free(cells.color);
	return text;
}

/* What is said of a descriptor beside its record, as members of its object. */
static void put_members(char *to, size_t cap, const struct inspect_fd *i, bool fenced)
{
	struct fdf_text t = { .p = to, .end = to + cap - 1 };

	if (fenced && i->kind == KIND_LEAK)
		fdf_puts(&t, ",\"fenced\":true");
	fdf_putmember(&t, "state", fdf_str(i->f->state), 32);
	if (i->f->tty)
		fdf_putmember(&t, "tty",
			      fdf_str(i->f->tty == TTY_CONTROLLING ? "controlling" : "other"), 32);
	if (i->f->seals >= 0) {
		fdf_puts(&t, ",\"seals\":[");
		put_seals(&t, i->f->seals, ",", "\"");
		fdf_putc(&t, ']');
	}
	if (i->f->same >= 0)
		fdf_putf(&t, ",\"same_as\":%u", (unsigned)i->f->same);
	*t.p = '\0';
}

size_t inspect_json(struct view_json *t, const struct inspect_process *x, size_t i,
		    const struct inspect_opts *o)
{
	const struct inspect_table *table = &x->table[i];
	size_t n = 0;
	char members[512];

	for (size_t k = 0; k < table->n; k++)
		n += table->fds[k].shown;
	if (!n && (!table->inexact || table->told))
		return 0;
	view_json_begin(t, &table->exec, &x->place, "", o->argv);
	for (size_t k = 0; k < table->n; k++) {
		if (!table->fds[k].shown)
			continue;
		put_members(members, sizeof(members), &table->fds[k],
			    x->fenced != FENCED_BY_NOBODY);
		view_json_fd(t, &table->fds[k].f->d, &table->fds[k].v, members);
	}
	return view_json_end(t, (unsigned)x->tables.table[i].unseen, table->inexact);
}
