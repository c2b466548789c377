/*
 * filter.c: see filter.h.
 */
#include <string.h>

#include "preload/core/rules.h"
#include "tools/base/filter.h"

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
