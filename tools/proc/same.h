/*
 * same.h: which descriptors, and which threads' tables, are one: kcmp(2).
 */
#ifndef FDF_SAME_H
#define FDF_SAME_H

#include "tools/proc/procfds.h"

/* Are the tables of these two threads one?  0 yes, 1 no, -1 with errno. */
int same_table(pid_t a, pid_t b);

/*
 * Set .same of all n descriptors of a thread, in n log n comparisons of those that could be (one
 * device and inode); 0, 1 and 2 count as well.  -1: kcmp is not to be had, with errno.
 */
int same_files(pid_t tid, int dir, const char *fds, struct proc_fd *fd, size_t n);

#endif
