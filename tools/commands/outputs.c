/*
 * outputs.c: a report in several formats, each to a file of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/commands/outputs.h"

int outputs_format(struct outputs *o, const struct option_row *row, const char *arg)
{
	if (o->nformats == OUTPUTS_MAX)
		return option_refuse(row, arg, "no more than 16 of them");
	if (option_one(row, arg, &o->format[o->nformats]))
		return -1;
	o->name[o->nformats++] = arg;
	return 0;
}

int outputs_path(struct outputs *o, const char *arg)
{
	if (o->npaths == OUTPUTS_MAX) {
		say("--output %s: expected no more than 16 of them", arg);
		return -1;
	}
	o->path[o->npaths++] = arg;
	return 0;
}

/* Nobody can tell two reports on stderr, or in one file, apart. */
static int refuse_pairs(const struct outputs *o)
{
	if (o->npaths > o->nformats) {
		say("--output %s: there is no --format for it: the first --output is of the first "
		    "--format, the second of the second",
		    o->path[o->nformats]);
		return -1;
	}
	if (o->nformats > o->npaths + 1) {
		say("--format: %u formats and %u files: only one may go to standard %s, so "
		    "give an --output for each",
		    o->nformats, o->npaths, o->to_stdout ? "output" : "error");
		return -1;
	}
	for (unsigned i = o->npaths; i < o->nformats && !o->to_stdout; i++)
		if (!format_is_for_logs((enum format)o->format[i]))
			return output_refuse_shared(o->name[i]);
	for (unsigned i = 0; i < o->npaths; i++)
		for (unsigned k = 0; k < i; k++)
			if (!strcmp(o->path[i], o->path[k])) {
				say("--output %s: it is named for two formats", o->path[i]);
				return -1;
			}
	return 0;
}

int outputs_open(struct outputs *o, enum output_color color)
{
	if (!o->nformats)
		o->format[o->nformats++] = FORMAT_TEXT;
	if (refuse_pairs(o))
		return -1;
	for (unsigned i = 0; i < o->nformats; i++) {
		if (i >= o->npaths) {
			output_standard(&o->open[i], o->to_stdout ? stdout : stderr, color);
			continue;
		}
		if (!output_open(&o->open[i], o->path[i], color))
			continue;
		while (i)
			output_abandon(&o->open[--i]);
		return -1;
	}
	return 0;
}

void outputs_abandon(struct outputs *o)
{
	for (unsigned i = 0; i < o->nformats; i++)
		output_abandon(&o->open[i]);
}

/* The file is the runner's, and other commands of the step write to it, too. */
static void summarize(const struct report *r)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY");
	int fd = path && *path
			 ? open(path,
				O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NOCTTY,
				0644)
			 : -1;
	FILE *out = fd < 0 ? NULL : fdopen(fd, "a");

	if (!path || !*path)
		return;
	if (out)
		render_markdown(out, r);
	if (!out || fclose(out))
		say("GITHUB_STEP_SUMMARY=%s: %s: the summary is not there", path, strerror(errno));
}

int outputs_render(struct outputs *o, const struct report *r, struct render_options options)
{
	int bad = 0;

	for (unsigned i = 0; i < o->nformats; i++) {
		struct output *out = &o->open[i];

		options.color = out->color;
		options.width = terminal_width(fileno(out->file));
		render_format((enum format)o->format[i], out->file, r, &options);
		if (o->format[i] == FORMAT_GITHUB)
			summarize(r);
		bad |= output_close(out);
	}
	return bad ? -1 : 0;
}
