/*
 * scratch.h: memory for records and long paths, when there is something to record.
 *
 * A process maps and unmaps it.  A vfork child cannot: what it maps stays in the
 * parent for ever, since a successful exec does not come back.  It borrows one
 * area of the fence, and the kernel gives that back when the child execs or
 * ends (set_tid_address: mm_release() writes 0 there).  Async-signal-safe.
 */
#ifndef FDF_SCRATCH_H
#define FDF_SCRATCH_H

#include "core/record.h"
#include "emit.h"
#include "fence.h"

struct fdf_scratch {
	struct fdf_who who;
	struct fdf_sock sock;
	char target[4096];
	char into[4096];
	char record[FDF_RECORD_CAP];
};

/* NULL if there is none to be had. */
struct fdf_scratch *fdf_scratch_get(struct fdf_fence *f, int pid);
void fdf_scratch_put(struct fdf_fence *f, struct fdf_scratch *s);

#endif
