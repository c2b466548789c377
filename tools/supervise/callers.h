/*
 * callers.h: images that start one program after the other, known again without /proc.
 *
 * A shell, a build, a server forks, and the child execs, many times.  That a child still runs the image that it was
 * forked in is told by the 16 random bytes that the kernel gave that image (AT_RANDOM), at their place, in
 * less time than /proc takes (docs/supervise.md).  Of the process that the image was started in /proc is always
 * asked: it is no forked child, and may start the same image again.
 */
#ifndef FDF_CALLERS_H
#define FDF_CALLERS_H

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "tools/supervise/born.h"

#define CALLERS	      2 /* images: a build and its compiler, say */
#define CALLER_BYTES  16
#define CALLERS_ASKED 8

/* The caller, as it was before the exec. */
struct before {
	pid_t tid, pid; /* thread and process; pid 0: not known */
	struct task_stat stat;
	bool known; /* key is one */
	struct born_key key;
	struct stat image; /* zero: not known, or it is a forked child */
	char exe[PATH_MAX];
	char applet[64]; /* which program it is, where exe is many in one (busybox) */
	const char *entry;
};

struct caller {
	uint64_t at; /* of the bytes; 0: it is none */
	unsigned char bytes[CALLER_BYTES];
	pid_t born; /* the process that the image was started in */
	struct born_key key;
	char exe[PATH_MAX]; /* as it was called then */
	char applet[64];
};

/* callers_init() first; any thread may call the others. */
struct callers {
	pthread_mutex_t lock;
	struct caller known[CALLERS];
	struct born_key asked[CALLERS_ASKED]; /* of those of whom /proc was asked */
	unsigned recent;		      /* of known */
	unsigned next, next_asked;	      /* to be forgotten */
};

void callers_init(struct callers *c);

/* Is b->tid of b->pid a forked child that runs an image of them?  Then key, forked, exe and applet of *b are set. */
bool callers_know(struct callers *c, struct before *b);

/* All of *b was asked of /proc: remember the image, if it calls again. */
void callers_note(struct callers *c, const struct before *b);

#endif
