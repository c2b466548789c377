/*
 * conventions.c: the tables of conventions.h and the search in them.  Runs in
 * whatever context an exec is asked for, vfork children and signal handlers
 * included: no call, no statics that are written, no relocation.
 */
#include "conventions.h"

#define CAT_(a, b) a##b
#define CAT(a, b)  CAT_(a, b)
#define AT(m)	   offsetof(struct blob, CAT(m, __LINE__))

/* The condition names of conventions.def. */
enum { PIPE = FDF_IF_PIPE, SOCKET = FDF_IF_SOCKET, HARMLESS = FDF_IF_HARMLESS, PFX = 128 };

enum group { NOBODY, JSPAWN };

/* __LINE__ is that of the row in conventions.def: a name for its place in the blob. */
struct blob {
#define ENV(name, param, enc, flags)	    char CAT(e, __LINE__)[sizeof(name "\0" param)];
#define FROM(name, why)			    char CAT(f, __LINE__)[sizeof(name)];
#define INTO(name, group)		    char CAT(i, __LINE__)[sizeof(name)];
#define ARG(group, name, param, enc, flags) char CAT(a, __LINE__)[sizeof(name "\0" param)];
#include "conventions.def"
#undef ENV
#undef FROM
#undef INTO
#undef ARG
};

static const struct blob blob = {
#define ENV(name, param, enc, flags)	    name "\0" param,
#define FROM(name, why)			    name,
#define INTO(name, group)		    name,
#define ARG(group, name, param, enc, flags) name "\0" param,
#include "conventions.def"
#undef ENV
#undef FROM
#undef INTO
#undef ARG
};

static const struct fdf_row env_rows[] = {
#define ENV(name, param, enc, flags) { AT(e), sizeof(name) - 1, FDF_ENC_##enc, flags, 0 },
#include "conventions.def"
#undef ENV
};

static const struct fdf_row from_rows[] = {
#define FROM(name, why) { AT(f), sizeof(name) - 1, FDF_WHY_##why, 0, 0 },
#include "conventions.def"
#undef FROM
};

static const struct fdf_row into_rows[] = {
#define INTO(name, group) { AT(i), sizeof(name) - 1, group, 0, 0 },
#include "conventions.def"
#undef INTO
};

static const struct fdf_row arg_rows[] = {
#define ARG(group, name, param, enc, flags) \
	{ AT(a), sizeof(name) - 1, FDF_ENC_##enc, flags, group },
#include "conventions.def"
#undef ARG
};

/* Nearly no variable of a usual environment gets past its first two bytes. */
#define PAIR(a, b) (((unsigned char)(a)*7U + (unsigned char)(b)*13U) & 255)
static const uint64_t pairs[4] = {
#define ENV(name, param, enc, flags) \
	| (PAIR(name[0], name[1]) / 64 == WORD ? 1ULL << (PAIR(name[0], name[1]) & 63) : 0)
#define WORD 0
	0
#include "conventions.def"
#undef WORD
#define WORD 1
	,
	0
#include "conventions.def"
#undef WORD
#define WORD 2
	,
	0
#include "conventions.def"
#undef WORD
#define WORD 3
	,
	0
#include "conventions.def"
#undef WORD
#undef ENV
};

bool fdf_conv_env_maybe(const char *name)
{
	unsigned h = PAIR(name[0], name[0] ? name[1] : 0);

	return pairs[h / 64] >> (h & 63) & 1;
}

const char *fdf_conv_name(const struct fdf_row *row)
{
	return (const char *)&blob + row->at;
}

const char *fdf_conv_param(const struct fdf_row *row)
{
	return fdf_conv_name(row) + row->len + 1;
}

static int compare(const char *a, size_t alen, const char *b, size_t blen)
{
	size_t i;

	for (i = 0; i < alen && i < blen; i++)
		if (a[i] != b[i])
			return (unsigned char)a[i] - (unsigned char)b[i];
	return (alen > blen) - (alen < blen);
}

const struct fdf_row *fdf_conv_find(enum fdf_table t, const char *name, size_t len)
{
	const struct fdf_row *rows = t == FDF_ENV    ? env_rows
				     : t == FDF_FROM ? from_rows
						     : into_rows;
	size_t lo = 0, hi = t == FDF_ENV    ? sizeof(env_rows) / sizeof(*rows)
			    : t == FDF_FROM ? sizeof(from_rows) / sizeof(*rows)
					    : sizeof(into_rows) / sizeof(*rows);
	const struct fdf_row *row;

	/* The last row that is not behind the name is the one, or a beginning of it. */
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (compare(fdf_conv_name(&rows[mid]), rows[mid].len, name, len) <= 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	if (!lo)
		return NULL;
	row = &rows[lo - 1];
	if (row->len > len || (row->len < len && !(row->flags & FDF_ROW_PREFIX)) ||
	    compare(fdf_conv_name(row), row->len, name, row->len) != 0)
		return NULL;
	return row;
}

const struct fdf_row *fdf_conv_word(unsigned group, unsigned i)
{
	size_t k;

	for (k = 0; group && k < sizeof(arg_rows) / sizeof(*arg_rows); k++)
		if (arg_rows[k].group == group && i-- == 0)
			return &arg_rows[k];
	return NULL;
}

const char *fdf_conv_why(enum fdf_why why)
{
	static const char text[][40] = {
		[FDF_WHY_SHELL] = "shell",
		[FDF_WHY_SAME] = "runs its own image again",
		[FDF_WHY_GREEDY] = "the target takes more than it names",
	};

	return text[why];
}
