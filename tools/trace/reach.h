/*
 * reach.h: what the new image could have had without a descriptor, from what the kernel told.
 */
#ifndef FDF_TRACE_REACH_H
#define FDF_TRACE_REACH_H

#include "tools/kernel/decode.h"

/*
 * Fill in f->d.reach.  x: the exec, with the credentials of the new image; NULL: there is none yet, and
 * who it will be is not known.
 */
void trace_reach(struct trace_fd *f, const struct trace_exec *x);

#endif
