/*
 * nodes.c: see nodes.h.
 */
#include <search.h>

#include "tools/base/base.h"
#include "tools/base/nodes.h"

static void add(const void *node, VISIT visit, void *end)
{
	void ***to = end;

	if (visit == postorder || visit == leaf)
		*(*to)++ = *(void *const *)node;
}

void *nodes_list(const void *tree, size_t n)
{
	void **list = must_alloc((n + 1) * sizeof(*list)), **end = list;

	twalk_r(tree, add, &end);
	return list;
}
