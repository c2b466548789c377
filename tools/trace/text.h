/*
 * text.h: execs as a table.
 */
#ifndef FDF_TRACE_TEXT_H
#define FDF_TRACE_TEXT_H

#include <stdio.h>

#include "tools/trace/judge.h"

/* Name of column i; NULL behind the last. */
const char *trace_text_column(unsigned i);

int trace_text_open(const struct trace_opts *o); /* columns; 0, or -1 after a message */
void trace_text(const struct trace_judged *j, const struct trace_opts *o);
void trace_text_help(FILE *out);
void trace_text_close(void);

/* One cell as plain text; the caller frees. */
enum trace_cell { CELL_FROM, CELL_INTO, CELL_VERDICT, CELL_TYPE, CELL_TARGET };
char *trace_text_cell(const struct trace_judged *j, size_t i, enum trace_cell c);

#endif
