/*
 * same.h: which descriptors, and which threads' tables, are one: kcmp(2).
 */
#ifndef FDF_SAME_H
#define FDF_SAME_H

#include "tools/proc/procfds.h"

/*
 * Of n threads, one at least, leave one for each table, in their order, in n log n comparisons at most;
 * those that have ended go.  How many that are; -1: kcmp is not to be had, with errno.
 */
ssize_t same_tables(int *tids, size_t n);

/*
 * Set .same of all n descriptors of a thread, in n log n comparisons of those that could be (one
 * device and inode); 0, 1 and 2 count as well.  -1: kcmp is not to be had, with errno.
 */
int same_files(pid_t tid, int dir, const char *fds, struct proc_fd *fd, size_t n);

#endif
