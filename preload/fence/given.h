/*
 * given.h: the descriptors that this image was started with.  Async-signal-safe but for
 * the reading, which maps memory.
 */
#ifndef FDF_GIVEN_H
#define FDF_GIVEN_H

#include "preload/fence/fence.h"

/* Remember in f->given what is open above 2 and not close-on-exec.  At load only. */
void fdf_given_read(struct fdf_fence *f);

/* Is this number still the file that the image was given under it? */
bool fdf_is_given(const struct fdf_fence *f, int fd);

#endif
