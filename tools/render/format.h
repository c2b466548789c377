/*
 * format.h: the formats of a report by name.  All take the same: causes and what belongs to them.
 */
#ifndef FDF_FORMAT_H
#define FDF_FORMAT_H

#include "tools/base/format.h"
#include "tools/render/render.h"

/* Errors of out are the caller's to see (ferror(3)). */
void render_format(enum format f, FILE *out, const struct report *r,
		   const struct render_options *o);

#endif
