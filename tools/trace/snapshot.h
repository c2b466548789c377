/*
 * snapshot.h: --snapshot.
 */
#ifndef FDF_TRACE_SNAPSHOT_H
#define FDF_TRACE_SNAPSHOT_H

#include "tools/kernel/bpf.h"
#include "tools/trace/view.h"

/* Returns the exit status. */
int trace_snapshot(struct trace_bpf *b, const struct trace_opts *o, struct trace_view *v);

#endif
