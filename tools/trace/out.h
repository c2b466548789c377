/*
 * out.h: where the tracer writes: stdout, or a file that is rotated and reopened.
 */
#ifndef FDF_TRACE_OUT_H
#define FDF_TRACE_OUT_H

#include <stdbool.h>
#include <stddef.h>

struct trace_out;

/*
 * path NULL: stdout.  The file is appended to; when it has rotate bytes (0: never) it becomes
 * PATH.1 and so on, keep of them.  NULL after a message.
 */
struct trace_out *trace_out_open(const char *path, unsigned long long rotate, unsigned keep);

/*
 * Write it all, then rotate.  Waits for a slow reader, and says so when it takes nothing for two
 * seconds.
 * Returns 0, or -1: the output is gone, and a message was given unless the reader went away.
 */
int trace_out_write(struct trace_out *o, const char *text, size_t n);

/* stopped is asked while it waits; once it says yes the output is given up a second later. */
void trace_out_patience(struct trace_out *o, bool (*stopped)(void *ctx), void *ctx);

/* Where it writes now. */
int trace_out_fd(const struct trace_out *o);

/* The old file stays in use when the new one cannot be opened: nothing is lost. */
void trace_out_reopen(struct trace_out *o);

void trace_out_close(struct trace_out *o);

#endif
