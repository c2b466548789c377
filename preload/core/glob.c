/*
 * glob.c: does a name fit a pattern.
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out; runs wherever
 * rules are judged, a vfork child included.  Only the last '*' is ever tried
 * again, so the work is at most pattern times text, whatever the pattern.
 */
#include "preload/core/rules.h"
#include "preload/core/glob.h"

/* The byte at *at, a backslash in front of it taken away. */
static unsigned char plain(struct fdf_str g, size_t *at)
{
	if (g.s[*at] == '\\' && *at + 1 < g.len)
		++*at;
	return (unsigned char)g.s[(*at)++];
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
		unsigned char lo = plain(g, &i), hi = lo;

		if (i + 1 < g.len && g.s[i] == '-' && g.s[i + 1] != ']') {
			i++;
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
	if (g.s[at] == '\\' && at + 1 == g.len)
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

bool fdf_glob(struct fdf_str glob, struct fdf_str text)
{
	size_t g = 0, t = 0, star = 0, from = 0;

	for (;;) {
		size_t n = 0;
		bool hit = false;

		if (g < glob.len && glob.s[g] == '*') {
			star = ++g;
			from = t;
			continue;
		}
		if (t == text.len)
			return g == glob.len;
		if (g < glob.len)
			n = element(glob, g, (unsigned char)text.s[t], &hit);
		if (n && hit) {
			g += n;
			t++;
			continue;
		}
		if (!star)
			return false;
		g = star;
		t = ++from;
	}
}
