/*
 * filter.c: see filter.h.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/rules.h"
#include "tools/base/base.h"
#include "tools/base/filter.h"
#include "tools/base/terminal.h"

/* Without a slash the base name counts, as in rules. */
static bool matches(const char *glob, struct fdf_str path)
{
	if (!glob)
		return true;
	return fdf_glob(fdf_str(glob), strchr(glob, '/') ? path : fdf_base(path));
}

bool filter_has_process(const struct filter *f, const struct fdf_exec *e, const char *cgroup)
{
	if (f->uid >= 0 && (uint32_t)f->uid != e->uid)
		return false;
	if (!matches(f->exe, e->exe) || !matches(f->into, e->into))
		return false;
	return !f->cgroup || fdf_glob(fdf_str(f->cgroup), fdf_str(cgroup));
}

bool filter_has_type(const struct filter *f, unsigned type)
{
	return !f->types || f->types & 1u << type;
}

bool filter_is_none(const struct filter *f)
{
	return f->uid < 0 && !f->exe && !f->into && !f->cgroup && !f->types;
}

static void put_types(FILE *out, unsigned types)
{
	const char *before = " --type ";

	for (int t = 0; t < FDF_TYPES; t++)
		if (types & 1u << t) {
			fprintf(out, "%s%s", before, fdf_type_name((enum fdf_type)t));
			before = ",";
		}
}

char *filter_text(const struct filter *f)
{
	const struct {
		const char *name, *glob;
	} globs[] = { { "--exe", f->exe }, { "--into", f->into }, { "--cgroup", f->cgroup } };
	char *text;
	size_t len;
	FILE *out;

	if (filter_is_none(f))
		return NULL;
	out = open_memstream(&text, &len);
	if (!out)
		out_of_memory();
	if (f->uid >= 0)
		fprintf(out, " --uid %ld", f->uid);
	for (size_t i = 0; i < sizeof(globs) / sizeof(globs[0]); i++) {
		char *plain = globs[i].glob ? escaped(fdf_str(globs[i].glob)) : NULL;

		if (plain)
			fprintf(out, " %s %s", globs[i].name, plain);
		free(plain);
	}
	put_types(out, f->types);
	fclose(out);
	memmove(text, text + 1, len);
	return text;
}
