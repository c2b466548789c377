/*
 * process.h: a child of ours, held so that nothing meant for it reaches a process that got its
 * number later.
 *
 * By a pidfd where the kernel has all that goes with it (pidfd_open and waitid(P_PIDFD), since
 * Linux 5.4) and no filter denies it; else by its number, which is safe until it is reaped: from
 * then on it is signalled no more.
 */
#ifndef FDF_PROC_PROCESS_H
#define FDF_PROC_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

struct process {
	pid_t pid;    /* 0: it was reaped */
	int fd;	      /* close-on-exec; -1: held by the number */
	bool reaped;  /* ... and process_reap() has not told its status yet, */
	int status;   /* as wait(2) has it */
	bool stopped; /* as of the last process_reap() that did not wait */
	int stop;     /* ... by this signal, until whoever has taken note of it sets it to 0 */
};

/*
 * Hold the child `pid`, which nobody has reaped: then its number is its own, ended or not, and
 * the pidfd is of that process and no other.
 */
struct process process_hold(pid_t pid);

/* Another hold on the same process, for another thread: process_drop() ends it. */
struct process process_share(const struct process *p);
void process_drop(struct process *p);

/* kill(2); one that was reaped gets nothing.  Async-signal-safe. */
void process_signal(const struct process *p, int sig);

/* Somebody has reaped it by process_wait(), with this status, which process_reap() tells. */
void process_reaped(struct process *p, int status);

/*
 * Take its exit status, EXIT_BY_SIGNAL + 128+n after signal n, into *status (NULL: nobody wants it), and
 * drop it.  wait: until it has ended.  False: it runs.
 */
bool process_reap(struct process *p, bool wait, int *status);

/* waitpid(2), by whichever of wait4(2) and waitid(2) is not denied; goes on after a signal. */
pid_t process_wait(pid_t pid, int *status, int options);

#endif
