/*
 * names.c: lists of names.  Part of the pure core: no allocation, no statics, no
 * call out; runs in hooks, vfork children and signal handlers.
 */
#include "preload/core/names.h"

const char *fdf_nth(const char *list, unsigned n)
{
	for (; n && *list; n--)
		list += fdf_str(list).len + 1;
	return list;
}

int fdf_find(const char *list, struct fdf_str s)
{
	for (int n = 0; *list; n++) {
		struct fdf_str name = fdf_str(list);

		if (fdf_str_eq(name, s))
			return n;
		list += name.len + 1;
	}
	return -1;
}
