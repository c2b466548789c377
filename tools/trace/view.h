/*
 * view.h: what a user sees of the execs: rows, records or a summary, and the
 * figures that go with them.
 */
#ifndef FDF_TRACE_VIEW_H
#define FDF_TRACE_VIEW_H

#include "tools/base/output.h"
#include "tools/kernel/bpf.h"
#include "tools/trace/judge.h"

struct trace_view;

/* Descriptors, all of them of execs that pass the filters (but for --show). */
struct trace_totals {
	unsigned long long leaked, kept, would;
	unsigned long long killed; /* that a rule denies, in execs that were ended; not in leaked */
	unsigned long long below, below_open; /* leaked, less severe than --min-severity; perhaps */
	unsigned long long lost; /* that the kernel could not tell, whatever the filters */
};

/* NULL after a message. */
struct trace_view *trace_view_open(const struct trace_opts *o, enum output_color color);
void trace_view_close(struct trace_view *v);

/* Count and show one exec.  -1: the output is gone (trace_out_write()). */
int trace_view_exec(struct trace_view *v, const struct trace_judged *j);

/* The end, with what the kernel counted for --summary.  -1: the output is gone. */
int trace_view_finish(struct trace_view *v, struct trace_bpf *b);

struct trace_totals trace_view_totals(const struct trace_view *v);

/*
 * stopped is asked while nobody takes the output; once it says yes, trace_out_write() gives up a
 * second later.
 */
void trace_view_patience(struct trace_view *v, bool (*stopped)(void *ctx), void *ctx);

/* After a SIGHUP. */
void trace_view_reopen(struct trace_view *v);

#endif
