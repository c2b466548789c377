/*
 * names.h: tables of names, each at the place that its enum says.
 *
 *	static const char fruits[FRUITS][7] = { [APPLE] = "apple", [CHERRY] = "cherry" };
 *
 * Rows of one width: a table of pointers would need a relocation for each, in
 * every process that the shim is loaded into.  What has no name is "".
 *
 * Pure: no allocation, nothing writable, no system call; async-signal-safe.
 */
#ifndef FDF_NAMES_H
#define FDF_NAMES_H

#include "preload/core/facts.h"

#define FDF_COUNT(table) (sizeof(table) / sizeof((table)[0]))

/* The name of i; "" behind the last. */
#define FDF_NAME(table, i) ((size_t)(i) < FDF_COUNT(table) ? (table)[i] : "")

/* The place of s in the table, -1: it is not there. */
#define FDF_FIND(table, s) fdf_find((table)[0], sizeof((table)[0]), FDF_COUNT(table), s)

/* ... where rows of `width` bytes begin with a name. */
static inline int fdf_find(const char *names, size_t width, size_t n, struct fdf_str s)
{
	for (size_t i = 0; i < n; i++) {
		struct fdf_str name = fdf_str(names + i * width);

		if (name.len && fdf_str_eq(name, s))
			return (int)i;
	}
	return -1;
}

#endif
