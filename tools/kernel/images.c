/*
 * images.c: which file an image was.
 */
#include <stddef.h>
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/kernel/images.h"

#define PLACES 8192 /* the image told last wins its place */

static struct {
	uint64_t id;
	char *exe;
} places[PLACES];

static size_t place_of(uint64_t id)
{
	return (id ^ id >> 12) % PLACES;
}

void trace_images_put(uint64_t id, const char *exe)
{
	size_t at = place_of(id);

	free(places[at].exe);
	places[at].id = id;
	places[at].exe = must_dup(exe);
}

const char *trace_images_get(uint64_t id)
{
	size_t at = place_of(id);

	return id && places[at].id == id && places[at].exe ? places[at].exe : "";
}
