/*
 * bench.h: what the driver and its workers share.
 *
 * The driver (bench.c) starts one worker a peer: the same program with another preload around
 * it.  It asks them in turn for a few rounds of one piece of work, so that all peers see the
 * same neighbours.  A worker reads struct ask from 0 and writes struct answer to 1.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

enum work {
	VFORK_STATIC, /* vfork, execve of a static no-op, waitpid */
	VFORK_TRUE,
	FORK_TRUE,
	THREADED_STATIC, /* fork; a second thread, which waits; execve of a static no-op */
	SPAWN_STATIC,
	SPAWN_TRUE,
	SYSTEM,
	POPEN,
	SCRIPT, /* /bin/sh on the script number `arg` */
	GETFD,	/* from here: CALLS calls of libc */
	SETFD,
	FIONCLEX_,
	OPEN_CLOSE,
	PIPE_CLOSES,
	DUP2,
	FAILS,		/* execve of a file that is not there */
	FAILS_THREADED, /* ... beside another thread */
	CLOSE,
	CLOSING,    /* close all above 2 by the method `arg`, in place */
	CLOSE_EXEC, /* vfork; close all above 2 by the method `arg`; execve of a static no-op */
};

enum closing { NOTHING, LOOP_1K, LOOP_64K, LOOP_1M, WALK, CLOSEFROM, CLOSE_RANGE, MARK, CLOSINGS };

#define CALLS 1000 /* of libc, in a work that is one */

struct ask {
	int work, arg;
	int fds;   /* open descriptors, from 0 on, before the work starts */
	int times; /* the work is done as often */
};

struct answer {
	uint64_t ns;  /* the median of `times` */
	uint64_t cpu; /* the processor time of all children of these, ns */
};

/* Answers until end of file on 0.  Returns the exit status. */
int worker(void);
/* The work once, between two times that the worker stops itself, for who counts from outside. */
int worker_once(int work);

/* What it takes to do the work once, ns; the program exits when it cannot be done. */
uint64_t work_once(const struct ask *a);
uint64_t call_once(const struct ask *a); /* CALLS calls */
uint64_t close_once(const struct ask *a);
void close_by(enum closing how);
void *wait_forever(void *unused); /* a thread */

/* Let the descriptors 3 to n - 1 be open, and inheritable, and none above. */
void have_fds(int n);

/* On one processor and before all others, or as everybody. */
void stay(bool here);

uint64_t now_ns(void);
_Noreturn void die(const char *what);
const char *beside(const char *name); /* a file in the directory of this program */

#endif
