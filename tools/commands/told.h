/*
 * told.h: what was printed of the last exec of each process, of which several may tell in turn
 * (tools/report/pending.h).
 */
#ifndef FDF_COMMANDS_TOLD_H
#define FDF_COMMANDS_TOLD_H

#include <stdbool.h>
#include <sys/types.h>

#include "tools/records/record_json.h"

/* Zeroed: nothing was printed. */
struct told {
	void *execs; /* tree of search.h, by process */
};

enum told_how {
	TOLD_FIRST, /* of something new */
	TOLD_MORE,  /* of an exec that was told of before, and something is added */
	TOLD_AGAIN  /* ... and nothing is */
};

/*
 * How r, of process pid, tells of what it does.  Descriptors that were told of before with the same
 * verdict are taken out of it.  An exec that is new takes the place of the last one of its process;
 * any other event makes that one forgotten.  Records of children (in_child) are first, always: they
 * are neither remembered nor compared, since they do not have numbers of their own.
 */
enum told_how told_before(struct told *t, pid_t pid, struct rec *r);

void told_free(struct told *t);

#endif
