/*
 * summary.h: --summary.
 */
#ifndef FDF_TRACE_SUMMARY_H
#define FDF_TRACE_SUMMARY_H

#include "tools/kernel/bpf.h"
#include "tools/trace/judge.h"

void trace_sum_note(const struct trace_judged *j, const struct trace_opts *o);
void trace_sum_print(struct trace_bpf *b);

#endif
