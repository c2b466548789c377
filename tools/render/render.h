/*
 * render.h: a report of check, in words or as JSON.
 */
#ifndef FDF_RENDER_H
#define FDF_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "tools/report/aggregate.h"

struct render_options {
	bool color;
	unsigned width; /* of the terminal; 0: none */
	bool rules;	/* --gen-suppressions */
	bool kept;	/* --explain-kept */
	bool quiet;	/* nothing but what went wrong */
};

void render_text(FILE *out, const struct report *r, const struct render_options *o);

/* One object; fdfence-check(1) describes it. */
void render_json(FILE *out, const struct report *r);

#endif
