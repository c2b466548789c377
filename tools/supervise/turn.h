/*
 * turn.h: which thread listens.
 *
 * One does, attends to what it has received, and listens again: nobody is woken for that.  Another one listens
 * meanwhile where the next is waiting already, or where the first takes long (a slow file system): an idle
 * thread watches for that, and wakes as long as there is something to watch.
 */
#ifndef FDF_TURN_H
#define FDF_TURN_H

#include <pthread.h>
#include <stdbool.h>

struct turn {
	pthread_mutex_t lock;
	pthread_cond_t call;	/* somebody is to listen, or to watch */
	bool open;		/* nobody listens, and somebody shall */
	bool busy;		/* whose turn it is attends to what it has received */
	bool watched;		/* somebody looks whether that takes long */
	unsigned number;	/* of the turn: whose it is */
	unsigned long received; /* notifications */
	int idle;		/* threads */
	int attending;		/* threads */
};

void turn_init(struct turn *t);

/* Wait until it is the calling thread's turn.  Its number; 0: so many are idle that it may end. */
unsigned turn_take(struct turn *t);

/*
 * It has received something; more: there is another one to be had.  true: nobody is idle, and a thread has
 * to be started, which takes a turn.
 */
bool turn_received(struct turn *t, bool more);

/* It has attended to it.  Is it still its turn? */
bool turn_done(struct turn *t, unsigned number);

/* There is nothing to be received any more. */
void turn_over(struct turn *t);

#endif
