/*
 * images.h: what an image was when it started: its file, where the kernel does not tell what image
 * called exec (before Linux 6.10), what was its process' own, and its environment.
 *
 * One table a process, for the main thread.  It keeps the last few thousand: an
 * old image may be forgotten, and is not known then, never another's.
 */
#ifndef FDF_KERNEL_IMAGES_H
#define FDF_KERNEL_IMAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "preload/core/facts.h"

#define TRACE_SEED (1ull << 63) /* | pid: ids of images from before the tracer */

struct trace_image {
	char *exe;     /* "" if not known */
	int addressed; /* descriptors from 3 on that LISTEN_FDS gave to the process that started it,
			  and not to its children */
	bool knows_before; /* its environment was told, in full: */
	struct fdf_before before;
};

void trace_images_put(uint64_t id, const struct trace_image *image); /* copies exe */
/* Valid until the next put; NULL if not known. */
const struct trace_image *trace_images_get(uint64_t id);

#endif
