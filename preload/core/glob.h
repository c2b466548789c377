/*
 * glob.h: what the rule parser asks of a pattern; matching itself is fdf_glob()
 * in rules.h.
 */
#ifndef FDF_GLOB_H
#define FDF_GLOB_H

#include "preload/core/facts.h"

/* glob.len if the pattern is well-formed, else the offset of what is wrong with it. */
size_t fdf_glob_check(struct fdf_str glob);

/* What belongs at that offset. */
const char *fdf_glob_expected(struct fdf_str glob, size_t bad);

#endif
