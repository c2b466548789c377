/*
 * logged.h: run CMD under the fence with a log file that all below it write to,
 * whoever they are.
 */
#ifndef FDF_LOGGED_H
#define FDF_LOGGED_H

#include "tools/options/config.h"

/*
 * A log file is its owner's (and a group's) alone, so that a worker that gave up
 * its privileges cannot write to it: a process of ours collects the records and
 * writes them.  It is CMD's parent and adopts CMD's orphans, and stays when CMD
 * has ended, as long as one of them runs; fdfence itself ends with CMD.
 *
 *	fdfence ---- the writer ---- CMD ---- ...
 *
 * Returns the exit status.
 */
int logged(struct config *c, char **cmd, const char *path);

#endif
