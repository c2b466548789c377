/*
 * summary.h: --summary: counts from the kernel, words from the first exec of each group.
 */
#ifndef FDF_TRACE_SUMMARY_H
#define FDF_TRACE_SUMMARY_H

#include "tools/kernel/bpf.h"
#include "tools/trace/judge.h"

struct trace_summary;

struct trace_summary *trace_summary_new(void);
void trace_summary_free(struct trace_summary *s);

/* Note what the filters of o let through, kinds that are not shown included. */
void trace_summary_note(struct trace_summary *s, const struct trace_judged *j,
			const struct trace_opts *o);

/* Nothing is noted any more: add what the kernel has counted. */
void trace_summary_finish(struct trace_summary *s, struct trace_bpf *b);

/* Once finished: descriptors of this kind, of execs that a rule ended (trace_is_killed()) or of
 * others. */
unsigned long long trace_summary_count(const struct trace_summary *s, enum trace_show kind,
				       bool killed);

/* ... leaks that are less severe than was asked for; open: of which not all is known. */
unsigned long long trace_summary_below(const struct trace_summary *s, bool open);

/* ... and the table of the kinds in show, which the caller frees.  width: of the terminal, 0: none. */
char *trace_summary_text(const struct trace_summary *s, unsigned show, unsigned width);
/* The same, an object a line. */
char *trace_summary_json(const struct trace_summary *s, unsigned show);

#endif
