/*
 * guard.h: a tracer that somebody asked to end does end.
 *
 * Signals are blocked and taken between two execs, so whatever holds up the main
 * thread (a formatter that never returns, a message into a pipe that nobody
 * reads) would make it deaf.  A thread of its own looks: when a signal to end has
 * come and nothing was done for GUARD_SECONDS, it hands it on to CMD, says so
 * where that can be said without waiting, and ends the process.
 */
#ifndef FDF_TRACE_GUARD_H
#define FDF_TRACE_GUARD_H

#include "tools/proc/process.h"

#define GUARD_SECONDS 10

/* SIGINT and SIGTERM have to be blocked.  of: CMD's process; NULL: there is none. */
void guard_start(const struct process *of);

/* Something was done: an exec was told, a piece of output was taken. */
void guard_step(void);

/* A signal to end was taken. */
void guard_ending(void);

#endif
