/* formats.c: see formats.h. */
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/output.h"
#include "tools/options/formats.h"

int formats_take(struct formats *f, const struct option_row *row, const char *arg)
{
	if (f->nformats == FORMATS_MAX)
		return option_refuse(row, arg, "no more than 16 of them");
	if (option_one(row, arg, &f->format[f->nformats]))
		return -1;
	f->name[f->nformats++] = arg;
	return 0;
}

int formats_take_path(struct formats *f, const char *arg)
{
	if (f->npaths == FORMATS_MAX) {
		say("--output %s: expected no more than 16 of them", arg);
		return -1;
	}
	f->path[f->npaths++] = output_named(arg);
	return 0;
}

static int refuse_same(const struct formats *f, unsigned i, unsigned k)
{
	if (i < f->npaths)
		say("--output %s: it is named for two formats", f->path[i]);
	else
		say("--format %s: expected an --output for it: without one it goes to standard %s, "
		    "as --output %s does",
		    f->name[i], f->to_stdout ? "output" : "error", f->path[k]);
	return -1;
}

/* Nobody can tell two reports on stderr, or in one file, apart. */
static int refuse_pairs(const struct formats *f)
{
	if (f->npaths > f->nformats) {
		say("--output %s: there is no --format for it: the first --output is of the first "
		    "--format, the second of the second",
		    f->path[f->nformats]);
		return -1;
	}
	if (f->nformats > f->npaths + 1) {
		say("--format: %u formats and %u files: only one may go to standard %s, so "
		    "give an --output for each",
		    f->nformats, f->npaths, f->to_stdout ? "output" : "error");
		return -1;
	}
	for (unsigned i = f->npaths; i < f->nformats && f->shared; i++)
		if (!format_is_for_logs((enum format)f->format[i])) {
			if (f->npaths)
				say("--output %s is of --format %s: the first file is that of the "
				    "first format",
				    f->path[f->npaths - 1], f->name[f->npaths - 1]);
			return output_refuse_shared(f->name[i]);
		}
	for (unsigned i = 0; i < f->nformats; i++)
		for (unsigned k = 0; k < i; k++)
			if (output_is_same(formats_place(f, i), f->path[k]))
				return refuse_same(f, i, k);
	return 0;
}

int formats_settle(struct formats *f)
{
	if (!f->nformats) {
		f->name[0] = "text";
		f->format[f->nformats++] = FORMAT_TEXT;
	}
	return refuse_pairs(f);
}

const char *formats_path(const struct formats *f, unsigned i)
{
	return i < f->npaths ? f->path[i] : NULL;
}

const char *formats_place(const struct formats *f, unsigned i)
{
	return i < f->npaths ? f->path[i] : f->to_stdout ? "/dev/stdout" : "/dev/stderr";
}

/* Take format i out, and its path. */
static void take_out(struct formats *f, unsigned i)
{
	unsigned behind = f->nformats - i - 1;

	memmove(&f->format[i], &f->format[i + 1], behind * sizeof(f->format[0]));
	memmove(&f->name[i], &f->name[i + 1], behind * sizeof(f->name[0]));
	f->nformats--;
	if (i >= f->npaths)
		return;
	memmove(&f->path[i], &f->path[i + 1], (f->npaths - i - 1) * sizeof(f->path[0]));
	f->npaths--;
}

int formats_take_stream(struct formats *f, const char *subcommand, struct formats_stream *to)
{
	int stream = -1;

	*to = (struct formats_stream){ 0 };
	if (formats_settle(f))
		return -1;
	for (unsigned i = 0; i < f->nformats; i++) {
		if (f->format[i] != FORMAT_TEXT && f->format[i] != FORMAT_JSON)
			continue;
		if (stream >= 0) {
			say("%s: --format: text or json, not both, and once", subcommand);
			return -1;
		}
		stream = (int)i;
	}
	if (stream < 0)
		return 0;
	to->rows = f->format[stream] == FORMAT_TEXT;
	to->json = !to->rows;
	to->path = formats_path(f, (unsigned)stream);
	take_out(f, (unsigned)stream);
	return 0;
}
