/*
 * output.c: where a report goes.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/cleanup.h"
#include "tools/base/output.h"

/* https://no-color.org: set and not empty. */
bool output_wants_color(int fd, enum output_color color)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (color != COLOR_AUTO)
		return color == COLOR_ALWAYS;
	return isatty(fd) && !(no && *no) && term && strcmp(term, "dumb") != 0;
}

/* Through a symbolic link the file that it names is replaced, not the link. */
static FILE *open_aside(struct output *o, const char *path)
{
	mode_t mask = umask(0);
	int fd;

	umask(mask);
	o->path = realpath(path, NULL);
	if (!o->path)
		o->path = must_dup(path);
	o->temp = must_printf("%s.XXXXXX", o->path);
	fd = mkostemp(o->temp, 02000000 /* O_CLOEXEC */);
	if (fd < 0) {
		free(o->temp);
		o->temp = NULL;
		return NULL;
	}
	cleanup_add(o->temp);
	fchmod(fd, 0666 & ~mask);
	return fdopen(fd, "w");
}

int output_open(struct output *o, const char *path, enum output_color color)
{
	struct stat st;

	*o = (struct output){ .file = stderr };
	if (path && !stat(path, &st) && !S_ISREG(st.st_mode)) {
		o->file = fopen(path, "we");
		o->path = must_dup(path);
	} else if (path) {
		o->file = open_aside(o, path);
	}
	if (!o->file) {
		say("-o %s: %s", path, strerror(errno));
		output_abandon(o);
		return -1;
	}
	o->color = output_wants_color(fileno(o->file), color);
	return 0;
}

void output_standard(struct output *o, FILE *file, enum output_color color)
{
	*o = (struct output){ .file = file, .color = output_wants_color(fileno(file), color) };
}

void output_abandon(struct output *o)
{
	if (o->file && o->file != stderr && o->file != stdout)
		fclose(o->file);
	if (o->temp) {
		unlink(o->temp);
		cleanup_drop(o->temp);
	}
	free(o->temp);
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
	int bad = output_flush(o) || ferror(o->file);

	if (o->error)
		errno = o->error; /* of the first write that failed, not of what came after it */
	if (!bad && o->temp && rename(o->temp, o->path))
		bad = 1;
	if (bad)
		say("%s%s: %s", o->path ? "-o " : "",
		    o->path		? o->path
		    : o->file == stdout ? "stdout"
					: "stderr",
		    strerror(errno));
	if (!bad && o->temp) {
		cleanup_drop(o->temp);
		free(o->temp);
		o->temp = NULL;
	}
	output_abandon(o);
	return bad ? -1 : 0;
}
