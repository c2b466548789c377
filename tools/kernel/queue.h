/*
 * queue.h: ring to chunks of records, in a thread of its own, which blocks all
 * signals.  The functions below are for one other thread.
 */
#ifndef FDF_KERNEL_QUEUE_H
#define FDF_KERNEL_QUEUE_H

#include <stddef.h>

struct trace_queue;
struct trace_chunk {
	struct trace_chunk *next;
	size_t len; /* bytes used: 8 bytes of length, then the record, padded to 8 */
	unsigned char data[256 << 10];
};
struct trace_queue *trace_queue_start(int ring_fd); /* NULL after a message */
/* The next chunk (the caller frees it); NULL when none came within the milliseconds. */
struct trace_chunk *trace_queue_take(struct trace_queue *q, int wait_ms);
/* Empty the ring once more and end the thread; chunks may still be taken after. */
void trace_queue_stop(struct trace_queue *q);
void trace_queue_free(struct trace_queue *q);

#endif
