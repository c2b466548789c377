/*
 * images.h: which file an image was, for kernels that do not tell.
 */
#ifndef FDF_KERNEL_IMAGES_H
#define FDF_KERNEL_IMAGES_H

#include <stdint.h>
#include <sys/types.h>

#include "tools/kernel/bpf.h"

#define TRACE_SEED (1ull << 63) /* ids of images from before the tracer */
void trace_images_put(uint64_t id, const char *exe);
const char *trace_images_get(uint64_t id); /* "" if not known */
/* Tell the kernel about the processes that are there: all, or root and what it started. */
int trace_images_seed(struct trace_bpf *b, pid_t root);

#endif
