/*
 * outputs.h: a report in several formats, each to a file of its own: --format and --output, both
 * of which may be given more than once.
 */
#ifndef FDF_OUTPUTS_H
#define FDF_OUTPUTS_H

#include "tools/base/output.h"
#include "tools/options/formats.h"
#include "tools/render/format.h"

struct outputs {
	struct formats asked;
	struct output open[FORMATS_MAX];
};

/* Open all before anything is run.  0, or -1 after a message and with nothing open. */
int outputs_open(struct outputs *o, enum output_color color);

/*
 * Render and close each; options.color and options.width are set here.  In the format github the
 * Markdown is appended to $GITHUB_STEP_SUMMARY as well.  0, or -1 after a message; the findings of a
 * run that nobody got otherwise go to stderr then, as text.
 */
int outputs_render(struct outputs *o, const struct report *r, struct render_options options);

/* Opened, and nothing will be rendered. */
void outputs_abandon(struct outputs *o);

#endif
