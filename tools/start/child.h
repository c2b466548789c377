/*
 * child.h: CMD as a child whose terminal, signals and status are as if fdfence
 * were not there.
 */
#ifndef FDF_CHILD_H
#define FDF_CHILD_H

#include <signal.h>
#include <sys/types.h>

struct child {
	pid_t pid;
	sigset_t mask; /* as it was; CMD gets it back */
	struct sigaction chld;
};

/*
 * Fork; the child calls become(), which returns only when exec failed, with an
 * errno.  CMD stays in our process group, so that the terminal stops, continues
 * and interrupts both.  Call with one thread only.
 * Returns 0, an errno of become(), or -1 after a message (fork failed).
 */
int child_start(struct child *c, int (*become)(void *ctx), void *ctx);

/*
 * Wait for the end of CMD and hand on signals that somebody sends to fdfence;
 * what the terminal sends CMD has got itself.  tick() is called about every
 * quarter of a second.  Returns the exit status, 128+n after signal n.
 */
int child_wait(struct child *c, void (*tick)(void *ctx), void *ctx);

/* The end of it all: CMD cannot be watched. */
void child_kill(struct child *c);

#endif
