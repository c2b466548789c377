/*
 * nodes.h: all that stands in a tree of search.h.
 */
#ifndef FDF_NODES_H
#define FDF_NODES_H

#include <stddef.h>

/* The n pointers that stand there, in the order of the tree; to be freed. */
void *nodes_list(const void *tree, size_t n);

#endif
