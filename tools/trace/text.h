/*
 * text.h: execs as rows of a table, one a descriptor.
 */
#ifndef FDF_TRACE_TEXT_H
#define FDF_TRACE_TEXT_H

#include <stdio.h>

#include "tools/trace/judge.h"
#include "tools/view/rows.h"

/* The columns that o asks for.  Returns 0, or -1 after a message. */
int trace_rows_init(struct view_rows *t, const struct trace_opts *o, int out, bool color);

/* The rows of one exec that o asks for, "" if there are none; the header before the first.  The
 * caller frees. */
char *trace_rows(struct view_rows *t, const struct trace_judged *j, const struct trace_opts *o);

/*
 * The cells of descriptor i, or, with i behind the last, of the exec alone: n columns, each an enum
 * view_column, as plain text (tools/base/terminal.h).  The caller frees each.
 */
void trace_cells(const struct trace_judged *j, size_t i, const uint8_t *order, size_t n,
		 char **cells);

/* Name of column i; NULL behind the last. */
const char *trace_text_column(unsigned i);
void trace_text_help(FILE *out);

#endif
