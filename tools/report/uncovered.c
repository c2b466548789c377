/*
 * uncovered.c: images that the fence did not reach.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/nodes.h"
#include "tools/report/uncovered.h"

static int by_key(const void *a, const void *b)
{
	return strcmp(((const struct uncovered *)a)->key, ((const struct uncovered *)b)->key);
}

void uncovered_count(struct uncovereds *all, const char *path, const char *why)
{
	struct uncovered like, *u;
	void *node;

	if (all->n >= UNCOVERED_MAX) { /* only a hostile sender names so many */
		path = "other programs";
		why = "too many to list";
	}
	like.key = must_printf("%s\n%s", path, why);
	node = tfind(&like, &all->tree, by_key);
	if (node) {
		free(like.key);
		++(*(struct uncovered **)node)->times;
		return;
	}
	u = must_alloc(sizeof(*u));
	*u = (struct uncovered){ .key = like.key, .path = must_dup(path), .why = why, .times = 1 };
	if (!tsearch(u, &all->tree, by_key))
		out_of_memory();
	all->n++;
}

struct uncovered **uncovered_list(const struct uncovereds *all, size_t *n)
{
	*n = all->n;
	return nodes_list(all->tree, all->n);
}

static void free_one(void *uncovered)
{
	struct uncovered *u = uncovered;

	free(u->key);
	free(u->path);
	free(u);
}

void uncovered_free(struct uncovereds *all)
{
	tdestroy(all->tree, free_one);
	*all = (struct uncovereds){ 0 };
}
