/*
 * given.h: the descriptors that this image was started with.  Async-signal-safe but for
 * the reading, which maps memory.
 */
#ifndef FDF_GIVEN_H
#define FDF_GIVEN_H

#include "preload/fence/fence.h"

/* Remember in f->given what is open above 2 and not close-on-exec.  At load only. */
void fdf_given_read(struct fdf_fence *f);

/* Is this number still the file that the image was given under it, or one that was moved there? */
bool fdf_is_given(const struct fdf_fence *f, int fd);

/* first..last, both included, are closed: what comes there is another open file.  f may be NULL. */
void fdf_given_close(struct fdf_fence *f, unsigned first, unsigned last);

/* `to` is a new number for the open file at `from`.  True if that was given. */
bool fdf_given_move(struct fdf_fence *f, int from, int to);

#endif
