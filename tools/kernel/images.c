/*
 * images.c: see images.h.
 */
#include <stddef.h>
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/kernel/images.h"

#define PLACES 8192 /* the image told last wins its place */

static struct {
	uint64_t id;
	struct trace_image image;
} places[PLACES];

static size_t place_of(uint64_t id)
{
	return (id ^ id >> 12) % PLACES;
}

void trace_images_put(uint64_t id, const struct trace_image *image)
{
	size_t at = place_of(id);

	free(places[at].image.exe);
	places[at].id = id;
	places[at].image = *image;
	places[at].image.exe = must_dup(image->exe);
}

const struct trace_image *trace_images_get(uint64_t id)
{
	size_t at = place_of(id);

	return id && places[at].id == id && places[at].image.exe ? &places[at].image : NULL;
}
