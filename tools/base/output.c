/*
 * output.c: where a report goes.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/base/inputs.h"
#include "tools/base/output.h"
#include "tools/base/target.h"

/* https://no-color.org: set and not empty. */
bool output_wants_color(int fd, enum output_color color)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

/* A descriptor of ours or, what rename(2) must not touch, a terminal, a pipe, a device. */
static const char *open_directly(struct output *o, const char *path)
{
	const char *wrong;
	int fd = target_open_path(path, TARGET_FOLLOWED, O_WRONLY, 0, &wrong);

	o->file = fd < 0 ? NULL : fdopen(fd, "w");
	if (fd >= 0 && !o->file)
		out_of_memory();
	return wrong;
}

/* Through a symbolic link the file that it names is replaced, not the link. */
static const char *open_aside(struct output *o, const char *path)
{
	const char *wrong = aside_open(&o->aside, path, TARGET_FOLLOWED);

	o->is_aside = !wrong;
	o->file = o->aside.file;
	return wrong;
}

static const char *look(const char *path, struct stat *st)
{
	struct target t;
	const char *wrong = target_find(&t, path, TARGET_FOLLOWED);

	if (!wrong) {
		wrong = target_look(&t, st);
		target_drop(&t);
	}
	return wrong;
}

int output_open(struct output *o, const char *path, enum output_color color)
{
	const char *wrong = NULL;
	struct stat st;

	*o = (struct output){ .file = stderr };
	if (path && inputs_refuse("--output", path))
		return -1;
	if (path && descriptor_named(path) >= 0)
		wrong = open_directly(o, path);
	else if (path && !(wrong = look(path, &st)))
		wrong = st.st_mode && !S_ISREG(st.st_mode) ? open_directly(o, path)
							   : open_aside(o, path);
	if (wrong) {
		say("-o %s: %s", path, wrong);
		output_abandon(o);
		return -1;
	}
	o->path = path ? must_dup(path) : NULL;
	o->color = output_wants_color(fileno(o->file), color);
	return 0;
}

const char *output_named(const char *path)
{
	return strcmp(path, "-") ? path : "/dev/stdout";
}

void output_standard(struct output *o, FILE *file, enum output_color color)
{
	*o = (struct output){ .file = file, .color = output_wants_color(fileno(file), color) };
}

/* Where path leads to, also if nothing is there yet.  The caller frees. */
static char *place_of(const char *path)
{
	int named = descriptor_named(path);
	char *real = named < 0 ? realpath(path, NULL) : must_printf("/dev/fd/%d", named);
	char *folder, *place;
	const char *slash = strrchr(path, '/');

	if (real)
		return real;
	folder = slash ? must_printf("%.*s/", (int)(slash - path), path) : must_dup(".");
	real = realpath(folder, NULL);
	place = must_printf("%s/%s", real ? real : folder, slash ? slash + 1 : path);
	free(folder);
	free(real);
	return place;
}

bool output_is_same(const char *a, const char *b)
{
	char *x = place_of(a), *y = place_of(b);
	bool same = !strcmp(x, y);

	free(x);
	free(y);
	return same;
}

int output_refuse_shared(const char *format)
{
	say("--format %s: expected --output FILE, too: without it the command's own words would "
	    "stand in it",
	    format);
	return -1;
}

void output_abandon(struct output *o)
{
	if (o->is_aside)
		aside_abandon(&o->aside);
	else if (o->file && o->file != stderr && o->file != stdout)
		fclose(o->file);
	free(o->path);
	*o = (struct output){ 0 };
}

int output_flush(struct output *o)
{
	if (fflush(o->file) && !o->error)
		o->error = errno;
	return o->error ? -1 : 0;
}

int output_close(struct output *o)
{
	const char *name = o->path ? o->path : o->file == stdout ? "stdout" : "stderr";
	const char *wrong = NULL;

	/* of the first write that failed, not of what came after it */
	if (output_flush(o) || ferror(o->file))
		wrong = strerror(o->error ? o->error : errno);
	else if (o->is_aside)
		wrong = aside_close(&o->aside);
	if (wrong)
		say("%s%s: %s", o->path ? "-o " : "", name, wrong);
	output_abandon(o);
	return wrong ? -1 : 0;
}
