/*
 * stream.h: what the ring holds, decoded, judged and shown, and its sums.
 */
#ifndef FDF_TRACE_STREAM_H
#define FDF_TRACE_STREAM_H

#include <stdbool.h>

#include "tools/kernel/bpf.h"
#include "tools/kernel/queue.h"
#include "tools/kernel/request.h"
#include "tools/trace/view.h"

struct trace_stream;

/* b, o and v stay the caller's and have to outlive it.  Free it with trace_stream_free(). */
struct trace_stream *trace_stream_new(struct trace_bpf *b, const struct trace_opts *o,
				      struct trace_view *v);
void trace_stream_free(struct trace_stream *s);

/* Takes the chunk over.  Returns 0, or -1: the output is gone. */
int trace_stream_feed(struct trace_stream *s, struct trace_chunk *c);

/*
 * Show the summary if one is asked for, and say the closing lines.  *lost: something was, and how
 * much of it no record tells of.  0, or -1: the output is gone.
 */
struct trace_lost {
	bool any;
	unsigned long records;
};
int trace_stream_close(struct trace_stream *s, struct trace_lost *lost);

#endif
