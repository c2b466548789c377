/*
 * ownfds.h: descriptors of this process as facts: those that fdfence itself was given, or a
 * duplicate of another process's (pidfd_getfd(2)).
 */
#ifndef FDF_OWNFDS_H
#define FDF_OWNFDS_H

#include <limits.h>

#include "preload/core/facts.h"

struct own_fd {
	struct fdf_fd d; /* everything filled in; points into this struct */
	struct fdf_sock sock;
	char target[PATH_MAX];
};

/* What fd is.  Nothing of it is known of a number that is not open: f->d.have then says so. */
void ownfds_look(struct own_fd *f, int fd);

/*
 * Call each() for every descriptor above 2 that is not close-on-exec, lowest
 * first.  What fdfence opens itself is close-on-exec, so these came from outside.
 */
void ownfds_each(void (*each)(void *ctx, const struct own_fd *f), void *ctx);

#endif
