/*
 * filter.h: which processes, images and descriptors somebody asks for.
 */
#ifndef FDF_FILTER_H
#define FDF_FILTER_H

#include <stdbool.h>

#include "preload/core/facts.h"

struct filter {
	long uid;			 /* effective user; -1: any */
	const char *cgroup, *exe, *into; /* globs; NULL: any */
	unsigned types;			 /* bits of enum fdf_type; 0: all */
};

#define FILTER_NONE ((struct filter){ .uid = -1 })

/* Does the process pass: its user, its image and what it execs, its cgroup? */
bool filter_has_process(const struct filter *f, const struct fdf_exec *e, const char *cgroup);

/* Does a descriptor of this type? */
bool filter_has_type(const struct filter *f, unsigned type);

/* Does it let everything through? */
bool filter_is_none(const struct filter *f);

/* As it was asked for, plain: "--exe make --type file,pipe"; NULL: everything passes.  The caller
 * frees. */
char *filter_text(const struct filter *f);

#endif
