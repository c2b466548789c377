/*
 * reach.h: what the image that will be executed could do without a descriptor, as the kernel
 * answers the caller, whose credentials, root and namespaces it will have.  Raw system calls.
 *
 * For records alone: some ten system calls an exec and three a file.  Async-signal-safe; memory
 * only on the stack.
 */
#ifndef FDF_RAW_REACH_H
#define FDF_RAW_REACH_H

#include "preload/core/facts.h"

/* How far the caller's answers are those that the new image would get. */
struct fdf_creds {
	bool looked;
	bool stays; /* set by who knows: 0, 1, 2 and the terminal are those that the new image will have */
	bool set_id; /* set by who resolved the image: it gets credentials of its own */
	bool yes;    /* what the caller may do, the new image may do, too */
	bool no;     /* what the caller may not do, the new image may not either */
};

/*
 * Fill in d->reach.  d: from fdf_tab_look() with all facts, d->target ends in a NUL.  *c is filled
 * in by the first call and good for the whole exec.
 */
void fdf_reach_look(struct fdf_fd *d, struct fdf_creds *c);

#endif
