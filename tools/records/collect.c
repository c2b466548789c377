/*
 * collect.c: receives records as datagrams on an abstract socket.
 */
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tools/records/collect.h"
#include "tools/base/base.h"

#define BATCH	  16
#define DGRAM_MAX 65536	       /* bytes; a longer one is refused */
#define QUEUE_MAX (64UL << 20) /* bytes waiting; then senders wait */
#define CONTROL	  CMSG_SPACE(sizeof(struct ucred))

struct msg {
	struct msg *next;
	pid_t pid;
	size_t len;
	char data[];
};

struct collector {
	int sock, stop; /* stop: eventfd */
	char log[32];	/* "@fdfence-" and 16 hexadecimal digits */
	collect_take *take;
	void *ctx;
	pthread_t reader, worker;
	pthread_mutex_t lock;
	pthread_cond_t filled, emptied;
	struct msg *first, **last;
	size_t bytes;
	int ended; /* the reader puts no more in */
	unsigned long refused;
	char buf[BATCH][DGRAM_MAX];
};

static int bind_random(struct collector *c)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	unsigned long long r;
	size_t len;

	if (getrandom(&r, sizeof(r), 0) != sizeof(r))
		return -1;
	len = (size_t)snprintf(c->log, sizeof(c->log), "@fdfence-%016llx", r);
	memcpy(sa.sun_path + 1, c->log + 1, len - 1);
	return bind(c->sock, (struct sockaddr *)&sa,
		    (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len));
}

struct collector *collect_open(collect_take *take, void *ctx)
{
	struct collector *c = must_alloc(sizeof(*c));
	int on = 1;

	*c = (struct collector){ .take = take, .ctx = ctx };
	c->last = &c->first;
	pthread_mutex_init(&c->lock, NULL);
	pthread_cond_init(&c->filled, NULL);
	pthread_cond_init(&c->emptied, NULL);
	c->sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	c->stop = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (c->sock >= 0 && c->stop >= 0 &&
	    !setsockopt(c->sock, SOL_SOCKET, SO_PASSCRED, &on, sizeof(on)) && !bind_random(c))
		return c;
	say("cannot receive records: %s", strerror(errno));
	collect_close(c);
	return NULL;
}

const char *collect_log(const struct collector *c)
{
	return c->log;
}

unsigned long collect_refused(const struct collector *c)
{
	return c->refused;
}

/* Below CMD run our own user, root, and anybody if we are root. */
static int is_plausible(const struct ucred *cred)
{
	return geteuid() == 0 || cred->uid == 0 || cred->uid == getuid() || cred->uid == geteuid();
}

static struct msg *to_msg(struct msghdr *h, unsigned len)
{
	struct cmsghdr *cm;
	struct ucred cred;
	struct msg *m;
	int have = 0;

	for (cm = CMSG_FIRSTHDR(h); cm; cm = CMSG_NXTHDR(h, cm))
		if (cm->cmsg_level == SOL_SOCKET && cm->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&cred, CMSG_DATA(cm), sizeof(cred));
			have = 1;
		}
	if (!have || (h->msg_flags & MSG_TRUNC) || !is_plausible(&cred))
		return NULL;
	m = must_alloc(sizeof(*m) + len);
	m->pid = cred.pid;
	m->len = len;
	memcpy(m->data, h->msg_iov->iov_base, len);
	return m;
}

/*
 * What the kernel holds now, at most BATCH: a chain behind *out.  Returns the
 * number of datagrams, taken or refused; 0: nothing is there.
 * Descriptors that a sender attached are not received: there is no room for
 * them in the control buffer, so the kernel drops them (unix(7), MSG_CTRUNC).
 */
static int receive(struct collector *c, struct msg **out)
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
	n = recvmmsg(c->sock, h, BATCH, MSG_DONTWAIT | MSG_CMSG_CLOEXEC, NULL);
	for (i = 0; i < n; i++) {
		*out = to_msg(&h[i].msg_hdr, h[i].msg_len);
		if (*out)
			out = &(*out)->next;
		else
			c->refused++;
	}
	return n > 0 ? n : 0;
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
	struct pollfd p[2] = { { .fd = c->sock, .events = POLLIN },
			       { .fd = c->stop, .events = POLLIN } };

	for (;;) {
		struct msg *m = NULL;

		if (receive(c, &m)) {
			put(c, m);
			continue;
		}
		if (p[1].revents) /* told to end, and all that was sent is taken */
			break;
		while (poll(p, 2, -1) < 0 && errno == EINTR)
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
	int r = pthread_create(&c->worker, NULL, worker, c);

	if (!r && (r = pthread_create(&c->reader, NULL, reader, c))) {
		c->ended = 1;
		pthread_cond_signal(&c->filled);
		pthread_join(c->worker, NULL);
	}
	if (r)
		say("cannot start a thread: %s", strerror(r));
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
	struct pollfd p = { .fd = c->sock, .events = POLLIN };
	struct msg *m = NULL;

	if (poll(&p, 1, timeout_ms) <= 0 || !receive(c, &m))
		return 0;
	handle(c, m);
	return 1;
}

void collect_close(struct collector *c)
{
	if (!c)
		return;
	if (c->sock >= 0)
		close(c->sock);
	if (c->stop >= 0)
		close(c->stop);
	free(c);
}
