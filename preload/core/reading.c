/*
 * reading.c: numbers, lists and ranges out of foreign bytes.  Runs in whatever
 * context an exec is asked for, vfork children and signal handlers included: no
 * call outside the core, nothing writable, work linear in the bytes that are read.
 */
#include <limits.h>

#include "preload/core/reading.h"

static bool alike(const struct fdf_meant *a, const struct fdf_meant *b)
{
	return a->member == b->member && a->only_if == b->only_if;
}

/* How many numbers lie between two ranges; 0: they touch or overlap. */
static int gap(const struct fdf_meant *a, const struct fdf_meant *b)
{
	int first = a->first > b->first ? a->first : b->first;
	int last = a->last < b->last ? a->last : b->last;

	return first - 1 <= last ? 0 : first - 1 - last;
}

/* The nearest to m of the ranges from i on that are like it; NULL: there is none. */
static struct fdf_meant *nearest(struct fdf_intent *out, unsigned i, const struct fdf_meant *m)
{
	struct fdf_meant *best = NULL;

	for (; i < out->n; i++)
		if (alike(&out->meant[i], m) && (!best || gap(&out->meant[i], m) < gap(best, m)))
			best = &out->meant[i];
	return best;
}

static void join(struct fdf_meant *m, const struct fdf_meant *other)
{
	m->first = m->first < other->first ? m->first : other->first;
	m->last = m->last > other->last ? m->last : other->last;
}

/* Joins ranges that touch, and takes nothing else in. */
static void join_neighbours(struct fdf_intent *out)
{
	for (unsigned i = 0; i < out->n; i++) {
		struct fdf_meant *m = &out->meant[i], *next;

		while ((next = nearest(out, i + 1, m)) && !gap(next, m)) {
			join(m, next);
			*next = out->meant[--out->n];
		}
	}
}

/* Joins the two that have the fewest numbers between them: there are fewer kinds than places. */
static void join_nearest(struct fdf_intent *out)
{
	struct fdf_meant *best = NULL, *with = NULL;

	for (unsigned i = 0; i < out->n; i++) {
		struct fdf_meant *m = &out->meant[i], *next = nearest(out, i + 1, m);

		if (next && (!best || gap(m, next) < gap(best, with))) {
			best = m;
			with = next;
		}
	}
	join(best, with);
	*with = out->meant[--out->n];
}

/*
 * No number that was named is forgotten.  Neighbours share a place when there is none left; where
 * that does not do, a range takes in what lies between it and the next number of its kind, so that
 * what an attacker can write crowds out nothing and gains nothing but what is harmless.
 */
static bool fits_without(struct fdf_intent *out, const struct fdf_meant *added)
{
	struct fdf_meant *m = nearest(out, 0, added);

	if ((!m || gap(m, added)) && !out->overflow) {
		join_neighbours(out); /* once in vain, not again: work stays linear */
		out->overflow = out->n == FDF_MEANT_MAX;
		if (!out->overflow)
			return false;
		m = nearest(out, 0, added);
	}
	if (m)
		join(m, added);
	else
		join_nearest(out);
	return m;
}

void fdf_add(struct fdf_reader *r, int first, int last)
{
	struct fdf_intent *out = r->out;
	struct fdf_meant added = { .first = first < 3 ? 3 : first,
				   .last = last,
				   .member = r->member,
				   .only_if = r->only_if,
				   .by = r->by };

	if (added.last < added.first || !(r->members & r->member))
		return;
	for (unsigned i = 0; i < out->n; i++)
		if (alike(&out->meant[i], &added) && out->meant[i].first <= added.first &&
		    added.last <= out->meant[i].last)
			return;
	if (out->n < FDF_MEANT_MAX || !fits_without(out, &added))
		out->meant[out->n++] = added;
}

int fdf_number(const char **s, int base)
{
	long long n = -1;

	for (;; ++*s) {
		unsigned d = (unsigned char)**s - '0';

		if (d > 9 && base > 10) {
			d = (**s | 32U) - 'a';
			d = d < 6 ? d + 10 : 99;
		}
		if (d >= (unsigned)base)
			return n > INT_MAX ? -1 : (int)n;
		if (n <= INT_MAX)
			n = (n < 0 ? 0 : n * base) + d;
	}
}

bool fdf_is_any(char c, const char *of)
{
	while (*of && *of != c)
		of++;
	return *of;
}

const char *fdf_read_list(struct fdf_reader *r, const char *s, struct fdf_list how)
{
	const char *between = how.wide ? ";:, \t\n[]" : ", \t\n[]";

	for (;;) {
		const char *p, *digits;
		int n;

		while (fdf_is_any(*s, between))
			s++;
		p = digits = s + (*s == '-');
		n = fdf_number(&p, how.base);
		if (p == digits || (*p && (!fdf_is_any(*p, ", \t\n[];)|/:") || *p == how.unless)))
			return s;
		if (*s != '-')
			fdf_add(r, n, n);
		s = p;
		if (how.one)
			return s;
	}
}

void fdf_read_after(struct fdf_reader *r, const char *s, struct fdf_str mark)
{
	char last = mark.s[mark.len - 1];
	struct fdf_list how = { .base = last == 'x' ? 16 : 10, .unless = last };

	while (*s)
		if (fdf_starts(s, mark.s))
			s = fdf_read_list(r, s + mark.len, how);
		else
			s++;
}

void fdf_read_lines(struct fdf_reader *r, const char *s)
{
	for (;;) {
		s = fdf_read_list(r, s, FDF_LIST_ONE);
		while (*s && *s != '\n')
			s++;
		if (!*s)
			return;
	}
}

/*
 * The last one counts (GNU make, main.c: decode_switches); fifo:PATH and
 * negative numbers name no descriptor.
 */
void fdf_read_jobserver(struct fdf_reader *r, const char *s)
{
	const char *last = "";

	for (; *s; s++)
		if (fdf_starts(s, "--jobserver-auth="))
			last = s + sizeof("--jobserver-auth=") - 1;
		else if (fdf_starts(s, "--jobserver-fds="))
			last = s + sizeof("--jobserver-fds=") - 1;
	fdf_read_list(r, last, FDF_LIST_COMMA);
}

void fdf_read_range(struct fdf_reader *r, const char *range)
{
	int first = fdf_number(&range, 10), last = first;

	if (*range == '-') {
		range++;
		last = fdf_number(&range, 10);
		if (last < 0)
			last = INT_MAX;
	}
	fdf_add(r, first, last);
}

void fdf_read_tail(struct fdf_reader *r, const char *s)
{
	const char *end = s;

	while (*end)
		end++;
	while (end > s && fdf_is_digit(end[-1]))
		end--;
	fdf_read_list(r, end, FDF_LIST_ONE);
}

/* What getopt() of Python/getopt.c stops at, stops this. */
int fdf_code_at(char *const *argv)
{
	for (int i = 1; argv[i] && argv[i][0] == '-' && argv[i][1] != '-'; i++)
		for (const char *p = argv[i] + 1; *p; p++) {
			if (*p == 'c')
				return argv[i + 1] || p[1] ? i + !p[1] : 0;
			if (*p == 'm')
				return 0;
			if (*p != 'W' && *p != 'X')
				continue;
			if (!p[1] && !argv[++i])
				return 0;
			break;
		}
	return 0;
}
