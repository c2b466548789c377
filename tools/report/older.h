/*
 * older.h: leaks of older records, that newer ones are compared with.  Two are the same if their
 * finding_print() is; what got worse is new.
 */
#ifndef FDF_OLDER_H
#define FDF_OLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "tools/report/causes.h"

struct older {
	void *tree; /* of search.h, by finding_print() */
	size_t n;
	int unlisted; /* enum fdf_level: the worst of which there were too many to list; -1: all are */
};

/* For merge_finish() of the older: ctx is the struct older, which gets this one, too.  Always false. */
bool older_take(void *ctx, const struct cause *c);

/* For that of the newer: has it this one?  It is not gone then. */
bool older_knows(void *ctx, const struct cause *c);

/* finding_message() of each that is gone, NULL behind the last; the caller frees the list alone. */
char **older_gone(const struct older *all);

void older_free(struct older *all);

#endif
