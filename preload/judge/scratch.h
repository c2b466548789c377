/*
 * scratch.h: memory for records and long paths, when there is something to record.
 *
 * A process maps and unmaps it.  A vfork child cannot: what it maps stays in the
 * parent for ever, since a successful exec does not come back.  It borrows one
 * area of the fence for as long as it has a slot (sharing.h).  Async-signal-safe.
 */
#ifndef FDF_SCRATCH_H
#define FDF_SCRATCH_H

#include "preload/core/record.h"
#include "preload/judge/who.h"
#include "preload/fence/fence.h"
#include "preload/origins/origin.h"

struct fdf_scratch {
	struct fdf_who who;
	struct fdf_sock sock;
	char target[4096];
	char origin[FDF_ORIGIN_MAX];
	char into[4096];
	char record[FDF_RECORD_MAX];
	/* an environment that is too large for the stack */
	char env[FDF_SCRATCH / 2] __attribute__((aligned(16)));
};

/* NULL if there is none to be had. */
struct fdf_scratch *fdf_scratch_get(struct fdf_fence *f, int pid);
void fdf_scratch_put(struct fdf_fence *f, struct fdf_scratch *s);

#endif
