/*
 * seed.h: the processes that are there when the tracer starts.
 */
#ifndef FDF_KERNEL_SEED_H
#define FDF_KERNEL_SEED_H

#include <stdbool.h>
#include <sys/types.h>

#include "tools/kernel/bpf.h"

/*
 * Tell the kernel side, and images.h, what they run: all, or with root not 0 it
 * and what it started, which is the tree from then on.  Call it when the programs
 * are attached: what is forked meanwhile is seen by one of the two.
 * Returns 0, or -1 with errno if /proc cannot be read.
 */
int seed_images(struct trace_bpf *b, pid_t root);

/* Is pid root, or a process that root or one below it started and whose parents still live? */
bool seed_is_below(pid_t pid, pid_t root);

#endif
