/* set.h: descriptor numbers, collected upwards, one bit each where they lie close together. */
#ifndef FDF_LIB_SET_H
#define FDF_LIB_SET_H

#include <stddef.h>

#include "preload/lib/fdfence.h"

struct fdf_set {
	struct fdfence_undo *block; /* ascending: bit i of one is the number base + i */
	size_t n, room;
	size_t mapped; /* bytes of the mapping that block is; 0: it is the caller's array */
};

/* fd: above all that are in it.  0, or -ENOSPC: the array is full. */
int fdf_set_add(struct fdf_set *s, int fd);

/* More room, in a mapping of its own.  0 or -ENOMEM. */
int fdf_set_grow(struct fdf_set *s);
void fdf_set_free(struct fdf_set *s);

#endif
