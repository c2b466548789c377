/*
 * text.h: execs as rows of a table, one a descriptor.
 */
#ifndef FDF_TRACE_TEXT_H
#define FDF_TRACE_TEXT_H

#include <stdio.h>

#include "tools/base/table.h"
#include "tools/trace/judge.h"

enum trace_column {
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
	TRACE_COLUMNS
};

extern const struct table_column trace_columns[TRACE_COLUMNS];

/* What the header, the rows so far and --columns have made of the table. */
struct trace_rows;

struct trace_rows *trace_rows_open(const struct trace_opts *o,
				   bool color); /* NULL after a message */
void trace_rows_close(struct trace_rows *t);

/* The rows of one exec that o asks for, "" if there are none; the header before the first.  The
 * caller frees. */
char *trace_rows(struct trace_rows *t, const struct trace_judged *j, const struct trace_opts *o);

/*
 * The cells of descriptor i, or, with i behind the last, of the exec alone: n columns, each an enum
 * trace_column, as plain text (tools/base/terminal.h).  The caller frees each.
 */
void trace_cells(const struct trace_judged *j, size_t i, const uint8_t *order, size_t n,
		 char **cells);

/* Name of column i; NULL behind the last. */
const char *trace_text_column(unsigned i);
void trace_text_help(FILE *out);

#endif
