/*
 * baseline.h: the leaks that are known, in a file that people review.
 *
 * One finding a line (tools/report/entry.h).  A line without '#' is compared as a rule, so that a
 * person may write it wider.  What changes from run to run is a star in it (finding_rule()).
 */
#ifndef FDF_BASELINE_H
#define FDF_BASELINE_H

#include <stdbool.h>

#include "tools/report/aggregate.h"

struct baseline;

/*
 * Read all of path.  may_be_new: a file that is not there is an empty one, and what is there must be
 * no symbolic link, since it will be written.  NULL after a message.
 */
struct baseline *baseline_read(const char *path, bool may_be_new);
void baseline_free(struct baseline *b);

/* Is this one of the known?  Its lines are in use from then on; what is new is remembered. */
bool baseline_knows(void *baseline, const struct cause *c);

/* "FILE:LINE: RULE" of each line that no cause fits, NULL behind the last.  The caller frees each. */
char **baseline_gone(const struct baseline *b);

/*
 * Write the file anew: sorted, with its comments, and with what is new; without the lines that are
 * gone unless keep_gone, or r says that their program was not covered.  Atomically, and over no link.  0, or -1 after a message, and the file is
 * as it was.
 */
int baseline_update(struct baseline *b, bool keep_gone, const struct report *r);

#endif
