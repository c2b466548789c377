/*
 * ranges.c: lists of descriptor numbers, "3,5-7,10-".
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out.  The text is
 * walked anew for each question: such lists are short, and nothing has to be
 * kept beside them.
 */
#include <limits.h>
#include "preload/core/rules.h"

static const char *digits(const char *p, const char *end, int *n)
{
	unsigned v = 0;

	*n = -1;
	for (; p < end && *p >= '0' && *p <= '9'; p++) {
		unsigned d = (unsigned)(*p - '0');

		if (v > (INT_MAX - d) / 10)
			return NULL;
		v = v * 10 + d;
		*n = (int)v;
	}
	return *n < 0 ? NULL : p;
}

/*
 * Take the first range off *r, with the comma behind it.  False, with *r where
 * reading stopped, if there is none.
 */
static bool take(struct fdf_str *r, int *first, int *last)
{
	const char *end = r->s + r->len, *bad = r->s;
	const char *p = digits(r->s, end, first);

	if (!p)
		goto out;
	*last = *first;
	if (p < end && *p == '-') {
		*last = INT_MAX;
		if (++p < end && *p != ',')
			p = digits(p, end, last);
		if (!p || *last < *first)
			goto out;
	}
	bad = p;
	if (p < end && (*p != ',' || (bad = ++p) == end))
		p = NULL;
out:
	r->s = bad;
	r->len = (size_t)(end - bad);
	return p && *last >= *first;
}

bool fdf_ranges_check(struct fdf_str ranges, struct fdf_error *err)
{
	struct fdf_str rest = ranges;
	int first, last;

	do {
		if (!take(&rest, &first, &last)) {
			err->pos = ranges.len - rest.len;
			err->expected = "numbers such as 3, 5-7 or 10-, with commas between them";
			return false;
		}
	} while (rest.len);
	return true;
}

int fdf_ranges_next(struct fdf_str ranges, int from)
{
	int first, last, best = -1;

	while (ranges.len && take(&ranges, &first, &last)) {
		if (last < from)
			continue;
		if (first < from)
			first = from;
		if (best < 0 || first < best)
			best = first;
	}
	return best;
}

bool fdf_ranges_have(struct fdf_str ranges, int fd)
{
	return fd >= 0 && fdf_ranges_next(ranges, fd) == fd;
}

int fdf_ranges_last(struct fdf_str ranges)
{
	int first, last, best = -1;

	while (ranges.len && take(&ranges, &first, &last)) {
		if (last > best)
			best = last;
	}
	return best;
}
