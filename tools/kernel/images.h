/*
 * images.h: which file an image was, where the kernel does not tell what image
 * called exec (before Linux 6.10).
 *
 * One table a process, for the main thread.  It keeps the last few thousand: an
 * old image may be forgotten, and is "" then, never another's.
 */
#ifndef FDF_KERNEL_IMAGES_H
#define FDF_KERNEL_IMAGES_H

#include <stdint.h>

#define TRACE_SEED (1ull << 63) /* | pid: ids of images from before the tracer */

void trace_images_put(uint64_t id, const char *exe); /* copies exe */
const char *trace_images_get(uint64_t id);	     /* valid until the next put; "" if not known */

#endif
