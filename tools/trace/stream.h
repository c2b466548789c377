/*
 * stream.h: what the ring holds, decoded, judged and written, and its sums.
 */
#ifndef FDF_TRACE_STREAM_H
#define FDF_TRACE_STREAM_H

#include <stdbool.h>

#include "tools/kernel/bpf.h"
#include "tools/kernel/queue.h"
#include "tools/kernel/request.h"

struct trace_stream;

/* b and o stay the caller's and have to outlive it.  Free it with trace_stream_free(). */
struct trace_stream *trace_stream_new(struct trace_bpf *b, const struct trace_opts *o);
void trace_stream_free(struct trace_stream *s);

/* Takes the chunk over.  Returns 0, or -1: the output is gone. */
int trace_stream_feed(struct trace_stream *s, struct trace_chunk *c);

/* Print the summary if one is asked for, and the closing lines.  True: something was lost. */
bool trace_stream_close(const struct trace_stream *s);

#endif
