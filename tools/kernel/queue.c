/*
 * queue.c: empties the ring in a thread of its own, so that formatting
 * and a slow output never hold up the kernel.  When the queue is full the thread
 * waits: then the ring fills, and the kernel counts what it drops, exactly.
 */
#include <bpf/libbpf.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/base/base.h"
#include "tools/base/thread.h"
#include "tools/kernel/queue.h"

#define MAX_CHUNKS 256 /* 64 MiB */
#define POLL_MS	   50

struct trace_queue {
	struct ring_buffer *ring;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	struct trace_chunk *first, *last;
	unsigned n;
	struct trace_chunk *filling; /* the thread's own */
	atomic_bool stop;
};

static void push(struct trace_queue *q)
{
	struct trace_chunk *c = q->filling;

	if (!c || !c->len)
		return;
	q->filling = NULL;
	pthread_mutex_lock(&q->lock);
	while (q->n >= MAX_CHUNKS && !q->stop)
		pthread_cond_wait(&q->changed, &q->lock);
	if (q->last)
		q->last->next = c;
	else
		q->first = c;
	q->last = c;
	q->n++;
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
}

static int on_record(void *ctx, void *data, size_t size)
{
	struct trace_queue *q = ctx;
	size_t room = (size + 15) & ~(size_t)7;
	uint64_t len = size;

	if (q->filling && q->filling->len + room > sizeof(q->filling->data))
		push(q);
	if (!q->filling) {
		q->filling = malloc(sizeof(*q->filling));
		if (!q->filling)
			return -ENOMEM; /* the record stays in the ring */
		q->filling->next = NULL;
		q->filling->len = 0;
	}
	memcpy(q->filling->data + q->filling->len, &len, sizeof(len));
	memcpy(q->filling->data + q->filling->len + 8, data, size);
	q->filling->len += room;
	return 0;
}

static void *drain(void *ctx)
{
	struct trace_queue *q = ctx;

	while (!q->stop) {
		ring_buffer__poll(q->ring, POLL_MS);
		/* Below the wake-up threshold poll tells nothing: look all the same. */
		ring_buffer__consume(q->ring);
		push(q);
	}
	ring_buffer__consume(q->ring);
	push(q);
	return NULL;
}

struct trace_queue *trace_queue_start(int ring_fd)
{
	struct trace_queue *q = must_alloc(sizeof(*q));
	sigset_t all, old;
	int err;

	pthread_mutex_init(&q->lock, NULL);
	pthread_cond_init(&q->changed, NULL);
	q->ring = ring_buffer__new(ring_fd, on_record, q, NULL);
	if (!q->ring) {
		say("trace: cannot map the ring: %s", strerror(errno));
		free(q);
		return NULL;
	}
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	err = pthread_create(&q->thread, NULL, drain, q);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	if (!err)
		return q;
	say("trace: cannot start a thread: %s", thread_why(err));
	ring_buffer__free(q->ring);
	free(q);
	return NULL;
}

struct trace_chunk *trace_queue_take(struct trace_queue *q, int wait_ms)
{
	struct trace_chunk *c;
	struct timespec until;

	clock_gettime(CLOCK_REALTIME, &until);
	until.tv_nsec += wait_ms * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000;
	until.tv_nsec %= 1000000000;
	pthread_mutex_lock(&q->lock);
	if (!q->first && wait_ms)
		pthread_cond_timedwait(&q->changed, &q->lock, &until);
	c = q->first;
	if (c) {
		q->first = c->next;
		if (!q->first)
			q->last = NULL;
		q->n--;
		pthread_cond_broadcast(&q->changed);
	}
	pthread_mutex_unlock(&q->lock);
	return c;
}

void trace_queue_stop(struct trace_queue *q)
{
	q->stop = true;
	pthread_mutex_lock(&q->lock);
	pthread_cond_broadcast(&q->changed);
	pthread_mutex_unlock(&q->lock);
	pthread_join(q->thread, NULL);
}

void trace_queue_free(struct trace_queue *q)
{
	struct trace_chunk *c;

	while ((c = trace_queue_take(q, 0)))
		free(c);
	ring_buffer__free(q->ring);
	free(q);
}
