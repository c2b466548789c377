/*
 * uncovered.h: images that an exec went into and that the fence did not reach.
 */
#ifndef FDF_UNCOVERED_H
#define FDF_UNCOVERED_H

#include <stddef.h>

#define UNCOVERED_MAX 10000 /* distinct ones; the rest is one more, "other programs" */

struct uncovered {
	char *key;
	char *path;
	const char *why; /* static text */
	unsigned long times;
};

struct uncovereds {
	void *tree; /* of search.h, struct uncovered by key */
	size_t n;
};

/* One more exec; path as in the record, why static text. */
void uncovered_count(struct uncovereds *all, const char *path, const char *why);

/* In order of their paths.  The caller frees the array. */
struct uncovered **uncovered_list(const struct uncovereds *all, size_t *n);

void uncovered_free(struct uncovereds *all);

#endif
