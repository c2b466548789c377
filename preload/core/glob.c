/*
 * glob.c: does a name fit a pattern.
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out; runs wherever
 * rules are judged, a vfork child included.  Only the last '*' is ever tried again, and behind
 * a '/' that it cannot cross only the last '**': the work is at most pattern times text for each
 * place of that, whatever the pattern.
 */
#include "preload/core/rules.h"
#include "preload/core/glob.h"

/* -1: c is no hexadecimal digit. */
static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 'a' ^ 'A';
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Bytes of what stands at at for one byte: itself, behind a backslash, or \xHH; 0: it is malformed. */
static size_t plain_length(struct fdf_str g, size_t at)
{
	if (g.s[at] != '\\')
		return 1;
	if (at + 1 == g.len)
		return 0;
	if (g.s[at + 1] != 'x')
		return 2;
	return at + 3 < g.len && digit(g.s[at + 2]) >= 0 && digit(g.s[at + 3]) >= 0 ? 4 : 0;
}

/* The byte at *at, which is well-formed, and a step behind it. */
static unsigned char plain(struct fdf_str g, size_t *at)
{
	const char *s = g.s + *at;
	size_t n = plain_length(g, *at);

	*at += n;
	return n == 4 ? (unsigned char)(digit(s[2]) << 4 | digit(s[3])) : (unsigned char)s[n - 1];
}

/*
 * Length of the set that starts with '[' at at, 0 if it is malformed; *hit says
 * whether c is one of it.  As in the shell, a ']' that comes first is plain.
 */
static size_t set(struct fdf_str g, size_t at, unsigned char c, bool *hit)
{
	size_t i = at + 1;
	bool inverted = i < g.len && g.s[i] == '!';
	size_t first = i += inverted;

	*hit = inverted;
	while (i < g.len && (g.s[i] != ']' || i == first)) {
		unsigned char lo, hi;

		if (!plain_length(g, i))
			return 0;
		lo = hi = plain(g, &i);
		if (i + 1 < g.len && g.s[i] == '-' && g.s[i + 1] != ']') {
			if (!plain_length(g, ++i))
				return 0;
			hi = plain(g, &i);
		}
		if (lo > hi)
			return 0;
		if (lo <= c && c <= hi)
			*hit = !inverted;
	}
	return i < g.len ? i + 1 - at : 0;
}

/* Length of the element at at, 0 if it is malformed; *hit says whether c fits it. */
static size_t element(struct fdf_str g, size_t at, unsigned char c, bool *hit)
{
	size_t i = at;

	if (g.s[at] == '[')
		return set(g, at, c, hit);
	if (!plain_length(g, at))
		return 0;
	*hit = g.s[at] == '?';
	if (plain(g, &i) == c)
		*hit = true;
	return i - at;
}

size_t fdf_glob_check(struct fdf_str glob)
{
	size_t at = 0, n;
	bool hit;

	for (; at < glob.len; at += n) {
		n = element(glob, at, 0, &hit);
		if (!n)
			break;
	}
	return at;
}

const char *fdf_glob_expected(struct fdf_str glob, size_t bad)
{
	return glob.s[bad] == '['
		       ? "a set such as [a-z], with a ']' at its end"
		       : "a byte behind the backslash, two hexadecimal digits behind \\x";
}

static bool has_slash(struct fdf_str s)
{
	for (size_t i = 0; i < s.len; i++)
		if (s.s[i] == '/')
			return true;
	return false;
}

/* A place to come back to: behind a star of the pattern, and where its text ends so far. */
struct star {
	size_t glob, text; /* glob 0: there is none */
};

/* One star in a pattern of paths stays in its component; all others cross. */
static void pass_stars(struct fdf_str glob, bool paths, size_t *g, size_t t, struct star *in,
		       struct star *across)
{
	size_t first = *g;

	while (*g < glob.len && glob.s[*g] == '*')
		++*g;
	*in = (struct star){ 0 };
	if (paths && *g == first + 1)
		*in = (struct star){ *g, t };
	else
		*across = (struct star){ *g, t };
}

bool fdf_glob(struct fdf_str glob, struct fdf_str text)
{
	struct star in = { 0 }, across = { 0 };
	bool paths = has_slash(glob);
	size_t g = 0, t = 0;

	for (;;) {
		size_t n = 0;
		bool hit = false;

		if (g < glob.len && glob.s[g] == '*') {
			pass_stars(glob, paths, &g, t, &in, &across);
			continue;
		}
		if (t == text.len)
			return g == glob.len;
		if (g < glob.len)
			n = element(glob, g, (unsigned char)text.s[t], &hit);
		if (hit && paths && text.s[t] == '/' && (glob.s[g] == '?' || glob.s[g] == '['))
			hit = false;
		if (n && hit) {
			g += n;
			t++;
		} else if (in.glob && text.s[in.text] != '/') {
			g = in.glob;
			t = ++in.text;
		} else if (across.glob) {
			g = across.glob;
			t = ++across.text;
			in = (struct star){ 0 };
		} else {
			return false;
		}
	}
}
