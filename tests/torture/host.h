/* host.h: what the files of the random tester's host share (host.c says what it does). */
#ifndef TORTURE_HOST_H
#define TORTURE_HOST_H

#include "tests/torture/shape.h"

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

extern char **environ;

/* One line to stdout, in one write.  Also in a vfork child and in a handler. */
void say(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Cannot go on: this is a fault of the tester, never a difference. */
void __attribute__((noreturn)) broken(const char *what);

/* ---- surroundings.c: makes the process what the shape says ---- */

void open_all(const union shape *s, const char *lock_file);
void set_signals(const union shape *s);
void send_pending(const union shape *s);
void set_attributes(const union shape *s);
void set_timers(const union shape *s);
void make_children(const union shape *s);
void confine_process(const union shape *s); /* chroot, user; before there are threads */
void confine_calls(const union shape *s);   /* limit and filter; the last */

extern pid_t child_made; /* by make_children(); 0: none */

/* ---- ring.c ---- */

void ring_make(const union shape *s);
/* Reads four bytes of a file opened just now through the ring: 4, or a negative errno. */
int ring_read(void);

/* ---- look.c: what a process can see of itself ---- */

struct look {
	short flags[1300], top_flags;
	int status[1300];
	long offset[1300];
	unsigned long inode[1300];
	sigset_t mask, pending;
	unsigned long action[65][4];
	stack_t alternate;
	bool timer[3];
	pid_t pid, tid, ppid;
	int umask, nice, policy, deathsig, slack, tasks, lock;
	char name[16];
};

/* Async-signal-safe; in_child: locks and timers were not inherited. */
void look(const union shape *s, struct look *l);
/* A line for each thing that is not as it was. */
void look_compare(const char *who, const struct look *before, const struct look *after);

/* ---- attempt.c: the exec or spawn itself ---- */

/* Does it, and says what came back.  good: the target is ./target, by the shape's entry. */
void attempt(const union shape *s, bool good);
void prepare_attempts(const union shape *s, const char *lock_file);

/* ---- contexts.c: who makes it ---- */

void run_in_context(const union shape *s, void (*run)(const union shape *s));
/* Is what is opened now seen by who shares the table?  Says so, if somebody does. */
void ask_partner(void);

/* A signal after the other to the calling thread, until shower_stop(); then says what was wrong
 * with the handlers. */
void shower_start(const union shape *s);
void shower_stop(const union shape *s);

#endif
