/*
 * procfd.h: one number of a table that is being looked at (procfds.c).
 */
#ifndef FDF_PROCFD_H
#define FDF_PROCFD_H

#include "tools/proc/procfds.h"

/* A table that is being looked at. */
struct proc_look {
	const struct pinned *p;
	struct netfiles *net;
	struct proc_table *t;
	char base[48]; /* "task/TID", below p->dir */
	int pidfd;     /* of the thread whose table it is; below 0: -errno of pidfd_open(2) */
};

enum proc_seen {
	SEEN,
	SEEN_CLOSING, /* it is close-on-exec; *f is filled in if these were asked for */
	SEEN_GONE,    /* it was closed meanwhile */
	SEEN_NOT,     /* errno says why; EAGAIN: it stood for another file each time */
};

/*
 * What is told is of one inode, however quickly the number comes to stand for others.  Free
 * f->target in any case.  Why there was no copy is noted in l->t.
 */
enum proc_seen proc_fd_look(const struct proc_look *l, struct proc_fd *f, int fd, bool closing);

/* Does fd, a file with so many links, lie where memory files do, and nothing else?  It may be open
 * for its path alone. */
bool proc_in_memory(int fd, unsigned long links);

#endif
