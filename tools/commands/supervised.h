/*
 * supervised.h: the supervisor and the reaper as processes (started.h).
 */
#ifndef FDF_SUPERVISED_H
#define FDF_SUPERVISED_H

#include "tools/options/config.h"

enum supervised_is { SUPERVISED_STARTED, SUPERVISED_STOPPED, SUPERVISED_ENDED };

/* What the reaper tells the front. */
struct supervised_word {
	enum supervised_is is;
	int value; /* of CMD: the errno of its exec, 0: done; the signal that stopped it; its exit status */
	pid_t reaper; /* SUPERVISED_STARTED */
};

struct supervised {
	struct config *config;
	char **cmd;
	int told; /* socket to the front */
	int lives; /* socket to the front: ends when that has; a byte: the supervisor ends as it should */
};

/* In a forked child: start the reaper and CMD, and supervise until nobody is left. */
void supervised_become(const struct supervised *s) __attribute__((noreturn));

#endif
