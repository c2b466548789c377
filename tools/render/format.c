/*
 * format.c: the formats of a report by name.
 */
#include "tools/render/format.h"

static void (*const machine[FORMATS])(FILE *, const struct report *) = {
	[FORMAT_JSON] = render_json,	     [FORMAT_SARIF] = render_sarif,
	[FORMAT_JUNIT] = render_junit,	     [FORMAT_GITHUB] = render_github,
	[FORMAT_MARKDOWN] = render_markdown, [FORMAT_GITLAB] = render_gitlab,
	[FORMAT_OTLP] = render_otlp,	     [FORMAT_PROMETHEUS] = render_prometheus,
	[FORMAT_HTML] = render_html,
};

void render_format(enum format f, FILE *out, const struct report *r, const struct render_options *o)
{
	if (machine[f])
		machine[f](out, r);
	else
		render_text(out, r, o);
}
