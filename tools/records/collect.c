/*
 * collect.c: receives records as datagrams.
 */
#include <ctype.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "preload/core/record.h"
#include "tools/base/base.h"
#include "tools/base/thread.h"
#include "tools/records/collect.h"
#include "tools/records/inbox.h"
#include "tools/records/key.h"
#include "tools/records/relay.h"

/* Bytes of a datagram, of which 16 are for a process id; a longer one is refused. */
#define DGRAM_MAX (INBOX_KEY + 16 + FDF_RECORD_MAX)

#define BATCH	  16
#define QUEUE_MAX (64UL << 20) /* bytes waiting; then senders wait */
#define CONTROL	  CMSG_SPACE(sizeof(struct ucred))
#define DRAIN_MAX 64 /* batches; more than a queue of the kernel holds */

struct msg {
	struct msg *next;
	pid_t pid;
	size_t len;
	char data[];
};

struct collector {
	struct inbox in;
	int stop; /* eventfd */
	struct relay relay;
	long word; /* key_new() */
	collect_take *take;
	void *ctx;
	pthread_t reader, worker;
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	struct msg *first, **last;
	size_t bytes;
	int ended; /* the reader puts no more in */
	unsigned long refused, foreign;
	char buf[BATCH][DGRAM_MAX];
};

struct collector *collect_open(collect_take *take, void *ctx)
{
	struct collector *c;

	if (thread_try())
		return NULL;
	c = must_alloc(sizeof(*c));
	*c = (struct collector){ .word = -1, .take = take, .ctx = ctx };
	c->last = &c->first;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->filled, NULL);
	pthread_cond_init(&c->emptied, NULL);
	c->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!inbox_open(&c->in) && c->stop >= 0) {
		c->word = key_new(c->in.log);
		relay_open(&c->relay);
		return c;
	}
	say("cannot receive records: %s", strerror(errno));
	collect_close(c);
	return NULL;
}

const char *collect_log(const struct collector *c)
{
	return c->in.log;
}

const char *collect_key(const struct collector *c)
{
	return c->in.key;
}

unsigned long collect_refused(const struct collector *c)
{
	return c->refused;
}

unsigned long collect_foreign(const struct collector *c)
{
	return c->foreign;
}

int collect_lost(const struct collector *c, int *error, char **exe)
{
	return c->word > 0 ? key_read(c->word, error, exe) : -1;
}

static pid_t sender(struct msghdr *h)
{
	struct cmsghdr *cm;
	struct ucred cred = { 0 };

	for (cm = CMSG_FIRSTHDR(h); cm; cm = CMSG_NXTHDR(h, cm))
		if (cm->cmsg_level == SOL_SOCKET && cm->cmsg_type == SCM_CREDENTIALS)
			memcpy(&cred, CMSG_DATA(cm), sizeof(cred));
	return cred.pid;
}

/* KEY, the digits of a process id if another collector hands it on, and the record. */
static struct msg *to_msg(struct collector *c, struct msghdr *h, unsigned len)
{
	const char *data = h->msg_iov->iov_base;
	pid_t pid = sender(h), relayed = 0;
	struct msg *m;

	if (len < INBOX_KEY || memcmp(data, c->in.key, INBOX_KEY) != 0) {
		c->foreign++;
		return NULL;
	}
	if (h->msg_flags & MSG_TRUNC) {
		c->refused++;
		return NULL;
	}
	data += INBOX_KEY;
	len -= INBOX_KEY;
	for (; len && isdigit((unsigned char)*data) && relayed < 1 << 24; data++, len--)
		relayed = relayed * 10 + (*data - '0');
	m = must_alloc(sizeof(*m) + len);
	m->pid = relayed ? relayed : pid;
	m->len = len;
	memcpy(m->data, data, len);
	return m;
}

/*
 * What a socket holds now, at most BATCH: a chain behind **out, which moves on.  Returns the
 * number of datagrams, taken or refused; 0: nothing is there.
 * Descriptors that a sender attached are not received: there is no room for
 * them in the control buffer, so the kernel drops them (unix(7), MSG_CTRUNC).
 */
static int receive(struct collector *c, int sock, struct msg ***out)
{
	struct mmsghdr h[BATCH] = { 0 };
	struct iovec iov[BATCH];
	union {
		char buf[CONTROL];
		struct cmsghdr align;
	} control[BATCH];
	int i, n;

	for (i = 0; i < BATCH; i++) {
		iov[i] = (struct iovec){ c->buf[i], DGRAM_MAX };
		h[i].msg_hdr = (struct msghdr){ .msg_iov = &iov[i],
						.msg_iovlen = 1,
						.msg_control = control[i].buf,
						.msg_controllen = CONTROL };
	}
	n = recvmmsg(sock, h, BATCH, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, NULL);
	for (i = 0; i < n; i++) {
		**out = to_msg(c, &h[i].msg_hdr, h[i].msg_len);
		if (**out)
			*out = &(**out)->next;
	}
	return n > 0 ? n : 0;
}

/*
 * What both sockets hold.  A process that left our network namespace has used the
 * abstract one before the other: what is taken from the file first goes behind
 * what lies in the abstract one then, so that the order of each sender stays.
 */
static int receive_all(struct collector *c, struct msg **out)
{
	struct msg *later = NULL, **last = &later;
	int n = c->in.sock[INBOX_FILE] < 0 ? 0 : receive(c, c->in.sock[INBOX_FILE], &last), i,
	    got = 0;

	for (i = 0; i < DRAIN_MAX && (got = receive(c, c->in.sock[INBOX_ABSTRACT], &out)); i++)
		n += got;
	*out = later;
	return n;
}

/* Wait while the queue is full, then append a chain. */
static void put(struct collector *c, struct msg *m)
{
	pthread_mutex_lock(&c->lock);
	while (c->bytes > QUEUE_MAX)
		pthread_cond_wait(&c->emptied, &c->lock);
	*c->last = m;
	for (; m; m = m->next) {
		c->bytes += m->len;
		c->last = &m->next;
	}
	pthread_cond_signal(&c->filled);
	pthread_mutex_unlock(&c->lock);
}

static void *reader(void *arg)
{
	struct collector *c = arg;
	struct pollfd p[] = { { .fd = c->stop, .events = POLLIN },
			      { .fd = c->in.sock[INBOX_ABSTRACT], .events = POLLIN },
			      { .fd = c->in.sock[INBOX_FILE], .events = POLLIN } };

	for (;;) {
		struct msg *m = NULL;

		if (receive_all(c, &m)) {
			put(c, m);
			continue;
		}
		if (p[0].revents) /* told to end, and all that was sent is taken */
			break;
		while (poll(p, 3, -1) < 0 && errno == EINTR)
			;
	}
	pthread_mutex_lock(&c->lock);
	c->ended = 1;
	pthread_cond_signal(&c->filled);
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

static void handle(struct collector *c, struct msg *m)
{
	struct msg *next;

	for (; m; m = next) {
		next = m->next;
		relay_record(&c->relay, m->pid, m->data, m->len);
		c->take(c->ctx, m->pid, m->data, m->len);
		free(m);
	}
}

static void *worker(void *arg)
{
	struct collector *c = arg;
	struct msg *m;

	pthread_mutex_lock(&c->lock);
	for (;;) {
		while (!c->first && !c->ended)
			pthread_cond_wait(&c->filled, &c->lock);
		m = c->first;
		if (!m)
			break;
		c->first = NULL;
		c->last = &c->first;
		c->bytes = 0;
		pthread_cond_signal(&c->emptied);
		pthread_mutex_unlock(&c->lock);
		handle(c, m);
		pthread_mutex_lock(&c->lock);
	}
	pthread_mutex_unlock(&c->lock);
	return NULL;
}

int collect_start(struct collector *c)
{
	eventfd_t ended;
	int r;

	inbox_adopt(&c->in);	       /* that may have been another process's */
	eventfd_read(c->stop, &ended); /* after collect_stop(); else there is nothing */
	c->ended = 0;
	r = pthread_create(&c->worker, NULL, worker, c);
	if (!r && (r = pthread_create(&c->reader, NULL, reader, c))) {
		c->ended = 1;
		pthread_cond_signal(&c->filled);
		pthread_join(c->worker, NULL);
	}
	if (r)
		say("cannot start a thread: %s", thread_why(r));
	return r ? -1 : 0;
}

void collect_stop(struct collector *c)
{
	if (eventfd_write(c->stop, 1))
		abort(); /* an eventfd of our own takes one more */
	pthread_join(c->reader, NULL);
	pthread_join(c->worker, NULL);
}

int collect_more(struct collector *c, int timeout_ms)
{
	struct pollfd p[] = { { .fd = c->in.sock[INBOX_ABSTRACT], .events = POLLIN },
			      { .fd = c->in.sock[INBOX_FILE], .events = POLLIN } };
	struct msg *m = NULL;

	if (poll(p, 2, timeout_ms) <= 0 || !receive_all(c, &m))
		return 0;
	handle(c, m);
	return 1;
}

void collect_leave(struct collector *c)
{
	inbox_leave(&c->in);
	if (c->stop >= 0)
		close(c->stop);
	relay_close(&c->relay);
	free(c);
}

void collect_close(struct collector *c)
{
	if (!c)
		return;
	inbox_remove(&c->in);
	key_remove(c->word);
	collect_leave(c);
}
