/*
 * outputs.h: a report in several formats, each to a file of its own: --format and --output, both
 * of which may be given more than once.
 */
#ifndef FDF_OUTPUTS_H
#define FDF_OUTPUTS_H

#include "tools/base/output.h"
#include "tools/options/options.h"
#include "tools/render/format.h"

#define OUTPUTS_MAX 16

/*
 * The first path belongs to the first format, and so on; a format without one goes to stderr, where
 * CMD writes as well, or to stdout, where nobody else does.
 */
struct outputs {
	int format[OUTPUTS_MAX]; /* enum format */
	const char *name[OUTPUTS_MAX];
	const char *path[OUTPUTS_MAX];
	unsigned nformats, npaths;
	bool to_stdout;
	struct output open[OUTPUTS_MAX];
};

/* One option each.  0, or -1 after a message. */
int outputs_format(struct outputs *o, const struct option_row *row, const char *arg);
int outputs_path(struct outputs *o, const char *arg);

/* Open all before anything is run.  0, or -1 after a message and with nothing open. */
int outputs_open(struct outputs *o, enum output_color color);

/*
 * Render and close each; options.color and options.width are set here.  In the format github the
 * Markdown is appended to $GITHUB_STEP_SUMMARY as well.  0, or -1 after a message.
 */
int outputs_render(struct outputs *o, const struct report *r, struct render_options options);

/* Opened, and nothing will be rendered. */
void outputs_abandon(struct outputs *o);

#endif
