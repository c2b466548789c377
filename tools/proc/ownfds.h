/*
 * ownfds.h: the descriptors that fdfence itself was given, as facts.
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

/*
 * Call each() for every descriptor above 2 that is not close-on-exec, lowest
 * first.  What fdfence opens itself is close-on-exec, so these came from outside.
 */
void ownfds_each(void (*each)(void *ctx, const struct own_fd *f), void *ctx);

#endif
