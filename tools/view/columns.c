/*
 * columns.c: see columns.h.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/records/what.h"
#include "tools/view/columns.h"

/* The one table of columns: header, width, help. */
const struct table_column view_columns[VIEW_COLUMNS] = {
	[C_TIME] = { "TIME", 15, TABLE_WRAP, "time of day of the exec" },
	[C_PID] = { "PID", 7, TABLE_RIGHT,
		    "process; PID/TID: a thread that has a table of its own" },
	[C_PPID] = { "PPID", 7, TABLE_RIGHT, "its parent" },
	[C_UID] = { "UID", 6, TABLE_RIGHT, "effective user, who called exec" },
	[C_COMM] = { "COMM", 15, TABLE_WRAP, "name of the thread, which called exec" },
	[C_FROM] = { "FROM", 20, TABLE_WRAP, "image that runs, or called exec" },
	[C_INTO] = { "INTO", 20, TABLE_WRAP, "image, or script, that was executed" },
	[C_VERDICT] = { "VERDICT", 7, 0,
			"trace: leaked, kept, would (sealed before), deny, killed, clean, lost; "
			"inspect: leak, kept, sealed, or the verdict of a rule" },
	[C_REASON] = { "REASON", 15, TABLE_WRAP, "what decided" },
	[C_FD] = { "FD", 4, TABLE_RIGHT, "descriptor" },
	[C_TYPE] = { "TYPE", 8, TABLE_WRAP, "its type and access" },
	[C_ACCESS] = { "ACCESS", 6, 0, "r, w, rw, path; nothing for a socket" },
	[C_WHAT] = { "WHAT", 20, TABLE_WRAP,
		     "path, socket addresses, pipe, kind of anonymous file, as check says it" },
	[C_TARGET] = { "TARGET", 20, TABLE_WRAP,
		       "the same with the numbers of this one: ports, pipes" },
	[C_CGROUP] = { "CGROUP", 20, TABLE_WRAP, "path of the cgroup" },
	[C_CONTAINER] = { "CONTAINER", 12, TABLE_WRAP, "container id, its first 12 digits" },
	[C_MNTNS] = { "MNTNS", 10, TABLE_RIGHT, "mount namespace" },
	[C_PIDNS] = { "PIDNS", 10, TABLE_RIGHT, "pid namespace" },
	[C_CRED] = { "CRED", 8, TABLE_WRAP,
		     "change of effective user and group, such as 1000:1000>0:1000" },
	[C_ARGV] = { "ARGV", 20, TABLE_WRAP, "arguments: of the new image, of the process" },
	[C_UNIT] = { "UNIT", 14, TABLE_WRAP, "unit of systemd, out of the path of the cgroup" },
	[C_SEVERITY] = { "SEVERITY", 8, 0,
			 "critical, high, medium, low: how bad it is that it crosses; "
			 "medium+: or worse" },
	[C_NOTE] = { "NOTE", 8, TABLE_WRAP,
		     "state of a socket, tty, seals of a memory file, which descriptor is the same "
		     "open file" },
	[C_HELD] = { "HELD", 4, TABLE_RIGHT, "how many processes hold it, with --by" },
};

const char *view_column_name(view_set set, unsigned i)
{
	for (unsigned c = 0; c < VIEW_COLUMNS; c++)
		if (set >> c & 1 && i-- == 0)
			return view_columns[c].name;
	return NULL;
}

void view_columns_help(FILE *out, view_set set)
{
	for (unsigned c = 0; c < VIEW_COLUMNS; c++)
		if (set >> c & 1)
			table_help(out, &view_columns[c], 1);
}

enum view_column view_column_named(view_set set, const char *name, size_t n)
{
	enum view_column c;

	for (c = 0; c < VIEW_COLUMNS; c++)
		if (set >> c & 1 && strlen(view_columns[c].name) == n &&
		    !strncasecmp(view_columns[c].name, name, n))
			break;
	return c;
}

char *view_fd_cell(const struct rec_fd *f, enum view_column c)
{
	switch (c) {
	case C_SEVERITY:
		return f->verdict == FDF_KEEP ? must_dup("") : what_severity(f->severity);
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

static char *clock_text(const struct fdf_exec *e)
{
	time_t s = (time_t)e->time_s;
	struct tm tm;
	char buf[32] = "";

	if (localtime_r(&s, &tm))
		strftime(buf, sizeof(buf), "%H:%M:%S", &tm);
	return must_printf("%s.%06u", buf, e->time_ns / 1000);
}

static char *argv_text(char *const *argv)
{
	char *all = must_dup(""), *next;
	size_t i;

	for (i = 0; argv && argv[i] && strlen(all) < 4096; i++) {
		next = must_printf("%s%s%s", all, i ? " " : "", argv[i]);
		free(all);
		all = next;
	}
	return all;
}

/* As it came, foreign bytes and all; NULL: the column is about something else. */
static char *process_text(const struct fdf_exec *e, const struct view_place *p, enum view_column c)
{
	switch (c) {
	case C_TIME:
		return clock_text(e);
	case C_PID:
		return e->tid != e->pid && !strcmp(e->event, "snapshot")
			       ? must_printf("%d/%d", e->pid, e->tid)
			       : must_printf("%d", e->pid);
	case C_PPID:
		return must_printf("%d", e->ppid);
	case C_UID:
		return must_printf("%u", e->uid);
	case C_COMM:
		return must_printf("%.*s", (int)e->comm.len, e->comm.s);
	case C_FROM:
		return e->exe.len ? must_printf("%.*s", (int)e->exe.len, e->exe.s) : must_dup("?");
	case C_INTO:
		return must_printf("%.*s", (int)e->into.len, e->into.s);
	case C_CGROUP:
		return must_dup(p->cgroup);
	case C_UNIT:
		return must_dup(p->unit ? p->unit : "");
	case C_CONTAINER:
		return must_printf("%.12s", p->container);
	case C_MNTNS:
		return must_printf("%u", p->mnt_ns);
	case C_PIDNS:
		return must_printf("%u", p->pid_ns);
	case C_ARGV:
		return argv_text(e->argv);
	default:
		return NULL;
	}
}

char *view_process_cell(const struct fdf_exec *e, const struct view_place *p, enum view_column c)
{
	char *text = process_text(e, p, c), *plain = text ? escaped(fdf_str(text)) : NULL;

	free(text);
	return plain;
}
