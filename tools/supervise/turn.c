/*
 * turn.c: see turn.h.
 */
#include <time.h>

#include "tools/supervise/turn.h"

#define LONG_MS	      2 /* what takes no longer holds up others so long at most */
#define IDLE_MAX      8
#define ATTENDING_MAX 8 /* at once, but for those that take long */

void turn_init(struct turn *t)
{
	pthread_condattr_t attr;

	*t = (struct turn){ .open = true };
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->call, &attr);
	pthread_condattr_destroy(&attr);
}

static void wait_long(struct turn *t)
{
	struct timespec until;

	clock_gettime(CLOCK_MONOTONIC, &until);
	until.tv_nsec += LONG_MS * 1000000L;
	until.tv_sec += until.tv_nsec / 1000000000L;
	until.tv_nsec %= 1000000000L;
	pthread_cond_timedwait(&t->call, &t->lock, &until);
}

static void watch(struct turn *t)
{
	unsigned long received = t->received;

	t->watched = true;
	wait_long(t);
	t->watched = false;
	if (t->busy && t->received == received)
		t->open = true;
}

unsigned turn_take(struct turn *t)
{
	unsigned number = 0;

	pthread_mutex_lock(&t->lock);
	if (t->idle < IDLE_MAX) {
		t->idle++;
		while (!t->open)
			if (t->busy && !t->watched)
				watch(t);
			else
				pthread_cond_wait(&t->call, &t->lock);
		t->idle--;
		t->open = t->busy = false;
		t->number += t->number + 1 ? 1 : 2; /* 0 is nobody's */
		number = t->number;
	}
	pthread_mutex_unlock(&t->lock);
	return number;
}

bool turn_received(struct turn *t, bool more)
{
	bool nobody;

	pthread_mutex_lock(&t->lock);
	t->received++;
	t->busy = true;
	t->attending++;
	t->open = more && t->attending < ATTENDING_MAX;
	nobody = !t->idle;
	if (t->open || !t->watched)
		pthread_cond_signal(&t->call);
	pthread_mutex_unlock(&t->lock);
	return nobody;
}

bool turn_done(struct turn *t, unsigned number)
{
	bool still;

	pthread_mutex_lock(&t->lock);
	t->attending--;
	still = t->number == number;
	if (still)
		t->open = t->busy = false;
	pthread_mutex_unlock(&t->lock);
	return still;
}

void turn_over(struct turn *t)
{
	pthread_mutex_lock(&t->lock);
	t->open = true;
	t->busy = false;
	pthread_cond_signal(&t->call);
	pthread_mutex_unlock(&t->lock);
}
