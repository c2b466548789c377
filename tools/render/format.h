/*
 * format.h: the formats of a report by name.  All take the same: causes and what belongs to them.
 */
#ifndef FDF_FORMAT_H
#define FDF_FORMAT_H

#include "tools/render/render.h"

/* In the order of the enum, for the table of an option. */
#define FORMAT_WORDS "text json sarif junit github markdown gitlab otlp prometheus"

enum format {
	FORMAT_TEXT,
	FORMAT_JSON,
	FORMAT_SARIF,
	FORMAT_JUNIT,
	FORMAT_GITHUB,
	FORMAT_MARKDOWN,
	FORMAT_GITLAB,
	FORMAT_OTLP,
	FORMAT_PROMETHEUS,
	FORMATS
};

/* May it stand among other words?  Text is for people, and of GitHub's lines each says what it is. */
bool format_is_for_logs(enum format f);

/* Errors of out are the caller's to see (ferror(3)). */
void render_format(enum format f, FILE *out, const struct report *r,
		   const struct render_options *o);

#endif
