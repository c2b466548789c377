/*
 * columns.h: the columns in which descriptors are shown, whoever looked: the one
 * table of them, and the cells that do not depend on who did.
 */
#ifndef FDF_VIEW_COLUMNS_H
#define FDF_VIEW_COLUMNS_H

#include <stdio.h>

#include "tools/base/table.h"
#include "tools/records/record_json.h"

enum view_column {
	C_TIME,
	C_PID,
	C_PPID,
	C_UID,
	C_COMM,
	C_FROM,
	C_INTO,
	C_VERDICT,
	C_REASON,
	C_FD,
	C_TYPE,
	C_ACCESS,
	C_WHAT,
	C_TARGET,
	C_CGROUP,
	C_CONTAINER,
	C_MNTNS,
	C_PIDNS,
	C_CRED,
	C_ARGV,
	C_UNIT,
	C_SEVERITY,
	C_NOTE,
	C_HELD,
	VIEW_COLUMNS
};

extern const struct table_column view_columns[VIEW_COLUMNS];

/* Where a process runs. */
struct view_place {
	const char *cgroup;	 /* path in the unified hierarchy; "" if not known */
	const char *unit;	 /* of systemd; "" if there is none, NULL: not asked for */
	char container[65];	 /* "" if none is recognisable */
	char pod[37];		 /* ... */
	uint32_t mnt_ns, pid_ns; /* inodes; 0: not known */
};

/* What a subcommand has of them, as bits 1 << enum view_column. */
typedef uint32_t view_set;

/* Column i of a set, by its name; NULL behind the last. */
const char *view_column_name(view_set set, unsigned i);
void view_columns_help(FILE *out, view_set set);

/* The column that n bytes name; VIEW_COLUMNS: none of the set. */
enum view_column view_column_named(view_set set, const char *name, size_t n);

/*
 * Cells, as plain text (tools/base/terminal.h); NULL: the column is about something else.  The
 * caller frees.
 */
char *view_fd_cell(const struct rec_fd *f, enum view_column c);
char *view_process_cell(const struct fdf_exec *e, const struct view_place *p, enum view_column c);

#endif
