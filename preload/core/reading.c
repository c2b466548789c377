/*
 * reading.c: numbers, lists and ranges out of foreign bytes.  Runs in whatever
 * context an exec is asked for, vfork children and signal handlers included: no
 * call outside the core, no statics, work linear in the bytes that are read.
 */
#include <limits.h>

#include "reading.h"

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
	const char *p = *s;
	long long n = -1;

	for (;; p++) {
		unsigned d = (unsigned char)*p - '0';

		if (d > 9) {
			d = ((unsigned char)*p | 32) - 'a' + 10U;
			if (d < 10 || (int)d >= base)
				break;
		}
		n = n < 0 ? d : n > INT_MAX ? n : n * base + d;
	}
	*s = p;
	return n > INT_MAX ? -1 : (int)n;
}

static bool is_between(char c, unsigned how)
{
	return c == ',' || c == ' ' || c == '\t' || c == '\n' || c == '[' || c == ']' ||
	       (how <= FDF_LIST_ONE && (c == ';' || c == ':'));
}

const char *fdf_read_list(struct fdf_reader *r, const char *s, unsigned how)
{
	for (;;) {
		const char *p, *digits;
		int n;

		while (is_between(*s, how))
			s++;
		p = digits = s + (*s == '-');
		n = fdf_number(&p, how == FDF_LIST_HEX ? 16 : 10);
		if (p == digits || !(!*p || is_between(*p, how) || *p == ';' || *p == ')' || *p == '|' ||
				     *p == '/' || (*p == ':' && how != FDF_LIST_COLON)))
			return s;
		if (*s != '-')
			fdf_add(r, n, n);
		s = p;
		if (how == FDF_LIST_ONE)
			return s;
	}
}

void fdf_read_after(struct fdf_reader *r, const char *s, struct fdf_str mark)
{
	while (*s)
		if (fdf_starts(s, mark.s))
			s = fdf_read_list(r, s + mark.len, (unsigned char)mark.s[mark.len - 1]);
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
	int in, out;

	for (; *s; s++)
		if (fdf_starts(s, "--jobserver-auth="))
			last = s + sizeof("--jobserver-auth=") - 1;
		else if (fdf_starts(s, "--jobserver-fds="))
			last = s + sizeof("--jobserver-fds=") - 1;
	in = fdf_number(&last, 10);
	if (in < 0 || *last++ != ',')
		return;
	out = fdf_number(&last, 10);
	if (out < 0 || (*last && *last != ' '))
		return;
	fdf_add(r, in, in);
	fdf_add(r, out, out);
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
	const char *digits = "";
	int n;

	for (; *s; s++)
		if (fdf_is_digit(*s) && !fdf_is_digit(s[-1]))
			digits = s;
	if (!fdf_is_digit(s[-1]))
		return;
	n = fdf_number(&digits, 10);
	fdf_add(r, n, n);
}
