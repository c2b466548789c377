/*
 * outputs.c: a report in several formats, each to a file of its own.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/target.h"
#include "tools/base/terminal.h"
#include "tools/commands/outputs.h"

int outputs_open(struct outputs *o, enum output_color color)
{
	if (formats_settle(&o->asked))
		return -1;
	for (unsigned i = 0; i < o->asked.nformats; i++) {
		if (i >= o->asked.npaths) {
			output_standard(&o->open[i], o->asked.to_stdout ? stdout : stderr, color);
			continue;
		}
		if (!output_open(&o->open[i], o->asked.path[i], color))
			continue;
		while (i)
			output_abandon(&o->open[--i]);
		return -1;
	}
	return 0;
}

void outputs_abandon(struct outputs *o)
{
	for (unsigned i = 0; i < o->asked.nformats; i++)
		output_abandon(&o->open[i]);
}

/* The file is the runner's, and other commands of the step write to it, too. */
static void summarize(const struct report *r)
{
	const char *path = getenv("GITHUB_STEP_SUMMARY"), *wrong;
	FILE *out;
	int fd;

	if (!path || !*path)
		return;
	fd = target_open_path(path, TARGET_ITSELF, O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK, 0644,
			      &wrong);
	out = wrong ? NULL : fdopen(fd, "a");
	if (out)
		render_markdown(out, r);
	if (!wrong && (!out || fclose(out)))
		wrong = strerror(errno);
	if (wrong)
		say("GITHUB_STEP_SUMMARY=%s: %s: the summary is not there", path, wrong);
}

int outputs_render(struct outputs *o, const struct report *r, struct render_options options)
{
	bool told = o->asked.to_stdout; /* what was read can be read again, a run is over */
	int bad = 0;

	for (unsigned i = 0; i < o->asked.nformats; i++) {
		struct output *out = &o->open[i];

		options.color = out->color;
		options.width = terminal_width(fileno(out->file));
		render_format((enum format)o->asked.format[i], out->file, r, &options);
		if (o->asked.format[i] == FORMAT_GITHUB)
			summarize(r);
		if (output_close(out))
			bad = -1;
		else
			told |= i >= o->asked.npaths;
	}
	if (bad && !told) {
		options.color = false;
		options.width = terminal_width(STDERR_FILENO);
		render_text(stderr, r, &options);
	}
	return bad;
}
