/*
 * out.h: where the tracer writes, and records as JSON.
 */
#ifndef FDF_TRACE_OUT_H
#define FDF_TRACE_OUT_H

#include <stdio.h>

#include "tools/trace/judge.h"

int trace_out_open(const struct trace_opts *o); /* 0, or -1 after a message */
void trace_out_reopen(void);
FILE *trace_out_file(void); /* where to write now */
/* Call after each exec: flushes, rotates.  -1 after a message: the output is gone. */
int trace_out_done(void);
void trace_out_json(const struct trace_judged *j, const struct trace_opts *o);
void trace_out_close(void);

#endif
