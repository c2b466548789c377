/* exactly.c: see exactly.h. */
#include "preload/core/exactly.h"
#include "preload/core/hash.h"
#include "preload/core/reading.h"

/* The number above 2 at s, as it is printed; -1: none.  *end: what follows it. */
static int number(const char *s, char *end)
{
	int n = *s == '0' ? -1 : fdf_number(&s, 10);

	*end = *s;
	return n > 2 ? n : -1;
}

/* Where two names meet, a number counts as known. */
static uint32_t name_hash(struct fdf_str name)
{
	return fdf_hash32(FDF_HASH32_START, name.s, name.len);
}

/* The number that is the whole value of a variable, and its name; -1: it is none. */
static int variable(const char *v, struct fdf_str *name)
{
	char end;
	int n;

	*name = (struct fdf_str){ v, 0 };
	while (*v && *v != '=')
		v++;
	name->len = (size_t)(v - name->s);
	if (!*v || !fdf_is_digit(v[1]))
		return -1;
	n = number(v + 1, &end);
	return end ? -1 : n;
}

void fdf_before_note(struct fdf_before *b, const char *v)
{
	struct fdf_str name;
	int n = variable(v, &name);

	if (n < 0)
		return;
	b->more |= b->n == FDF_BEFORE_MAX;
	if (b->more)
		return;
	b->var[b->n].name = name_hash(name);
	b->var[b->n++].value = n;
}

static bool had(const struct fdf_before *b, struct fdf_str name, int n)
{
	uint32_t h = name_hash(name);

	for (int i = 0; i < b->n; i++)
		if (b->var[i].name == h && b->var[i].value == n)
			return true;
	return b->more;
}

static bool argument(const char *word, int fd, struct fdf_str *by)
{
	const char *value = word;
	char end;

	if (fdf_starts(word, "--"))
		while (*value && *value++ != '=')
			;
	if (number(value, &end) != fd || (end && (end != ',' || value == word)))
		return false;
	*by = value == word ? fdf_str(word) : (struct fdf_str){ word, (size_t)(value - word) - 1 };
	return true;
}

bool fdf_named_exactly(const struct fdf_exec *x, int fd, struct fdf_str *by)
{
	for (char *const *a = x->argv; a && a[0] && a[1]; a++)
		if (argument(a[1], fd, by))
			return true;
	for (char *const *e = x->before ? x->envp : NULL; e && *e; e++)
		if (variable(*e, by) == fd && !fdf_by_client(*e) && !had(x->before, *by, fd))
			return true;
	return false;
}
