/*
 * names.h: lists of names, "keep\0seal\0deny\0": one behind the other, each with
 * its NUL, and an empty one as the end.  A table of pointers would need a
 * relocation for each, in every process that the shim is loaded into.
 *
 * Pure: no allocation, no statics, no system call; async-signal-safe.
 */
#ifndef FDF_NAMES_H
#define FDF_NAMES_H

#include "preload/core/facts.h"

/* Name n, counted from 0; "" behind the last. */
const char *fdf_nth(const char *list, unsigned n);

/* The number of s in the list, -1: it is not there. */
int fdf_find(const char *list, struct fdf_str s);

#endif
