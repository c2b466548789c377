/*
 * tree.h: all that runs below this process, the orphans of CMD too.
 */
#ifndef FDF_TREE_H
#define FDF_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "tools/start/child.h"

/* From here on orphans below us become our children (prctl(2), PR_SET_CHILD_SUBREAPER), not init's. */
void tree_adopt(void);

/* Reap what has ended; cmd, if it is not NULL, hears of its own end.  False: we have no child left. */
bool tree_reap(struct child *cmd);

/*
 * Processes that run below us now, without those n of ours; those that start and end meanwhile may
 * be missed, but without ours it is at least 1 if there are any.
 */
unsigned tree_running(const pid_t *ours, size_t n);

/* Does /proc show all of them?  If not, there may be more than tree_running() says. */
bool tree_counted(void);

/*
 * Until nothing runs below us, with tick(), if it is not NULL, about every
 * quarter of a second; true then.  False: SIGINT, SIGTERM or SIGHUP came, which
 * child_start() has blocked.
 */
bool tree_wait(void (*tick)(void *ctx), void *ctx);

#endif
