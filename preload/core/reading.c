/*
 * reading.c: numbers, lists and ranges out of foreign bytes.  Runs in whatever
 * context an exec is asked for, vfork children and signal handlers included: no
 * call outside the core, nothing writable, work linear in the bytes that are read.
 */
#include <limits.h>

#include "preload/core/reading.h"

void fdf_add(struct fdf_reader *r, int first, int last)
{
	struct fdf_meant *m = r->out->meant, *end = m + r->out->n, *generic = NULL;

	if (first < 3)
		first = 3;
	if (last < first || !(r->members & r->member))
		return;
	for (; m < end; m++) {
		if (m->first == first && m->last == last && m->member == r->member &&
		    m->only_if == r->only_if)
			return;
		if (m->member == FDF_GENERIC)
			generic = m;
	}
	if (r->out->n < FDF_MEANT_MAX) {
		r->out->n++;
	} else {
		/* What an attacker can write must not crowd out what he cannot. */
		r->out->overflow = true;
		m = generic;
		if (!m || r->member == FDF_GENERIC)
			return;
	}
	m->first = first;
	m->last = last;
	m->member = r->member;
	m->only_if = r->only_if;
	m->by = r->by;
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
