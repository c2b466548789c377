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

/*
 * Does r, of process pid, tell of an exec that was told of before and have nothing to add?  If it has,
 * descriptors of r that were told of with the same verdict are taken out of it.  Any other record is
 * remembered in the place of what that process did last.
 */
bool told_before(struct told *t, pid_t pid, struct rec *r);

void told_free(struct told *t);

#endif
