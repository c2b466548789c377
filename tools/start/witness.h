/*
 * witness.h: a process of ours beside CMD that tells two things which nobody tells otherwise: whether a signal
 * was for our whole process group, so that CMD has got it by itself; and, to CMD, that we were killed.
 *
 * kill(2) of a group and of us alone look alike to whoever gets it (si_code, si_pid): it is asked for what
 * another process of the group got.
 */
#ifndef FDF_START_WITNESS_H
#define FDF_START_WITNESS_H

#include <stdbool.h>

#include "tools/proc/process.h"

struct witness {
	struct process process;
	int socket; /* -1: there is none */
};

/*
 * Fork it, with all signals blocked that somebody may ask for.  cmd: it gets SIGKILL if we end before
 * witness_end(); NULL, or held by its number: nobody does.  Without a pidfd, or where no process is to be had,
 * there is none, silently.
 */
void witness_start(struct witness *w, const struct process *cmd);

static inline bool witness_is_there(const struct witness *w)
{
	return w->socket >= 0;
}

/* Did this signal, which we got, go to the whole group?  Each is asked for once; waits for others' setpgid(). */
bool witness_saw(struct witness *w, int sig);

/* From now on SIGCONT comes from it whenever CMD is not stopped, by a look at /proc; or no more. */
void witness_watch(struct witness *w, bool on);

/* Nothing is asked for any more: it is ended and reaped. */
void witness_end(struct witness *w);

#endif
