/*
 * child.h: CMD as a child whose terminal, signals and status are as if fdfence
 * were not there.  The one way in which fdfence starts and awaits a command.
 */
#ifndef FDF_CHILD_H
#define FDF_CHILD_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "tools/proc/process.h"
#include "tools/start/witness.h"

struct child {
	struct process cmd;
	sigset_t mask; /* as it was; CMD gets it back */
	sigset_t seen; /* signals that came since somebody looked, handed on or not */
	struct sigaction chld;
	struct witness witness;		  /* of the process that somebody started */
	bool is_cmd;			  /* cmd is CMD itself: what becomes of it is followed */
	bool followed;			  /* CMD has stopped, and was followed */
	void (*tell)(void *ctx, int sig); /* not in the front: that hears of it */
	void *ctx;
	int signals;	/* signalfd(2): those that wait for child_ended() */
	int end;	/* front_end(), until it has told */
	int also;	/* a descriptor whose input ends a wait too; -1: none */
	int go, failed; /* the pipes through which the child is let go, and says that exec failed */
};

/*
 * Is there what it takes to wait for a child, a signal and a descriptor, or does a filter deny it?
 * child_hold() and child_fork() ask by themselves.  0, or -1 after a message.
 */
int child_check(void);

/*
 * Fork a child that waits for child_go() and calls become() then, which returns
 * only when exec failed, with an errno.  What has to know the child before its
 * first exec comes between the two.  From here on the signals that child_ended()
 * hands on are blocked, and exit() kills the child until it has ended.  CMD stays
 * in our process group, so that the terminal stops, continues and interrupts both.
 * Call with one thread only.
 * Returns 0, or -1 after a message.
 */
int child_hold(struct child *c, int (*become)(void *ctx), void *ctx);

/*
 * Fork a process of fdfence itself, which child_ended() watches in the same way
 * though it is not let go and never execs: it returns 0 in it, with signals as
 * they were before, its process id in the parent, or -1 after a message.
 */
pid_t child_fork(struct child *c);

/* Returns 0 once the exec is done, or the errno of become(): the child is gone then, and all as before. */
int child_go(struct child *c);

/* child_hold() and child_go(): 0, an errno of become(), or -1 after a message. */
int child_start(struct child *c, int (*become)(void *ctx), void *ctx);

/*
 * Wait `patience` milliseconds at most for CMD's end, a signal or c->also, hand on what somebody sends
 * to fdfence (what the terminal sends CMD has got itself), and look whether CMD
 * has ended: then *status is its exit status, EXIT_BY_SIGNAL and 128+n after signal n.
 */
bool child_ended(struct child *c, int patience, int *status);

/*
 * CMD was stopped by this signal: the front is, too, as whoever waits for it expects.  0: it goes on.
 * Another process than the front has it told by c->tell().
 */
void child_stopped(struct child *c, int sig);

/* tree_reap() has reaped CMD, with this status of wait(2): child_ended() tells it. */
void child_reaped(struct child *c, int status);

/*
 * Nothing is waited for any more: signals are for us again, as before child_hold(),
 * but for SIGPIPE and SIGXFSZ, of which a write tells.  Those that are waiting are
 * put into c->seen.
 */
void child_done(struct child *c);

/*
 * Until CMD has ended, with tick(), if it is not NULL, about every quarter of a
 * second.  Returns that status.
 */
int child_wait(struct child *c, void (*tick)(void *ctx), void *ctx);

/* The end of it all: CMD cannot be watched.  All is as before child_hold(). */
void child_kill(struct child *c);

#endif
