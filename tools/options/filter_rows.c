/*
 * filter_rows.c: the options that say which processes and descriptors are asked for.
 */
#include <ctype.h>
#include <pwd.h>
#include <string.h>

#include "preload/core/glob.h"
#include "preload/core/rules.h"
#include "tools/base/base.h"
#include "tools/options/config.h"

static const char *type_name(unsigned i)
{
	return i < FDF_TYPES ? fdf_type_name((enum fdf_type)i) : NULL;
}

const struct option_row config_filter_rows[] = {
	{ .id = OPT_UID,
	  .name = "uid",
	  .arg = "USER",
	  .values = VALUES_USER,
	  .help = "only processes of this effective user" },
	{ .id = OPT_CGROUP,
	  .name = "cgroup",
	  .arg = "GLOB",
	  .help = "only processes in cgroups whose path matches" },
	{ .id = OPT_EXE,
	  .name = "exe",
	  .arg = "GLOB",
	  .help = "only processes whose image matches (base name without '/')" },
	{ .id = OPT_TYPE,
	  .name = "type",
	  .arg = "TYPES",
	  .values = VALUES_LIST,
	  .word = type_name,
	  .help = "only descriptors of these types: file, socket, pipe ..." },
	{ 0 },
};

const struct option_row config_into_rows[] = {
	{ .id = OPT_INTO,
	  .name = "into",
	  .arg = "GLOB",
	  .help = "only execs into images that match" },
	{ 0 },
};

static int take_glob(const struct option_row *row, const char *arg, const char **to)
{
	struct fdf_str glob = fdf_str(arg);
	size_t bad = fdf_glob_check(glob);

	*to = arg;
	return bad == glob.len ? 0 : option_refuse(row, arg, fdf_glob_expected(glob, bad));
}

/* A number need not be anybody's: files and processes of such users are about all the same. */
static int take_user(const struct option_row *row, const char *arg, long *to)
{
	const struct passwd *pw = getpwnam(arg);
	unsigned n;

	if (!pw && !isdigit((unsigned char)*arg)) {
		say("--%s '%s': no such user", row->name, arg);
		return -1;
	}
	if (!pw && option_number(row, arg, 0, 4294967294, &n))
		return -1;
	*to = pw ? (long)pw->pw_uid : (long)n;
	return 0;
}

static int take_types(const struct option_row *row, const char *arg, unsigned *to)
{
	if (option_list(row, arg, to))
		return -1;
	if (*to & 1u << FDF_SOCKET)
		*to |= 1u << FDF_LISTENER; /* as in rules */
	return 0;
}

int filter_take(struct filter *f, const struct option_row *row, const char *arg)
{
	switch (row->id) {
	case OPT_UID:
		return take_user(row, arg, &f->uid);
	case OPT_TYPE:
		return take_types(row, arg, &f->types);
	case OPT_CGROUP:
		return take_glob(row, arg, &f->cgroup);
	case OPT_INTO:
		return take_glob(row, arg, &f->into);
	default: /* OPT_EXE */
		return take_glob(row, arg, &f->exe);
	}
}
