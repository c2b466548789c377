/*
 * members.c: see members.h.
 */
#include <string.h>

#include "tools/records/members.h"

#define DIGITS_MAX 18 /* of a number that fits in any case */

static bool take(struct members_input *in, const char *text, size_t n)
{
	bool is = !memcmp(in->at, text, n);

	in->at += is ? n : 0;
	return is;
}

static bool take_byte(struct members_input *in, char c)
{
	bool is = *in->at == c;

	in->at += is;
	return is;
}

/* What stands in a text as it is. */
static bool is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"' && c != '\\';
}

const char *members_take_text(struct members_input *in)
{
	char *from, *to;

	if (!take_byte(in, '"'))
		return NULL;
	from = in->at;
	while (is_plain(*in->at))
		in->at++;
	for (to = in->at; *in->at != '"'; *to++ = *in->at++)
		if (*in->at == '\\' ? *++in->at != '\\' && *in->at != '"' : !is_plain(*in->at))
			return NULL;
	in->at++;
	*to = '\0';
	return from;
}

static bool take_number(struct members_input *in, long long max, long long *n)
{
	const char *from = in->at;

	for (*n = 0; *in->at >= '0' && *in->at <= '9'; in->at++) {
		if (in->at - from == DIGITS_MAX)
			return false;
		*n = 10 * *n + (*in->at - '0');
	}
	return in->at > from && (*from != '0' || in->at == from + 1) && *n <= max;
}

static void put_number(void *at, size_t size, long long n)
{
	uint32_t narrow = (uint32_t)n;

	memcpy(at, size == sizeof(narrow) ? (void *)&narrow : (void *)&n, size);
}

static bool take_value(struct members_input *in, const struct member *m, void *to)
{
	void *at = m->at == MEMBER_SKIPPED ? NULL : (char *)to + m->at;
	const char *text;
	long long n;
	bool is;

	switch ((enum member_kind)m->kind) {
	case MEMBER_TEXT:
		text = members_take_text(in);
		if (at)
			memcpy(at, &text, sizeof(text));
		return text != NULL;
	case MEMBER_NUMBER:
		if (!take_number(in, m->max, &n))
			return false;
		if (at)
			put_number(at, m->size, n);
		return true;
	case MEMBER_TRUTH:
		is = take(in, "true", 4);
		if (at)
			memcpy(at, &is, sizeof(is));
		return is || take(in, "false", 5);
	default:
		return m->take(in, to);
	}
}

/* Which member stands here, which has not been there; next is tried first.  -1: none. */
static int take_name(struct members_input *in, const struct member *all, unsigned n, unsigned next,
		     uint64_t seen)
{
	for (unsigned i = 0; i < n; i++, next++) {
		if (next >= n)
			next = 0;
		if (take(in, all[next].name, all[next].len))
			return seen >> next & 1 ? -1 : (int)next;
	}
	return -1;
}

bool members_take(struct members_input *in, const struct member *all, unsigned n, void *to)
{
	uint64_t seen = 0;
	int i = -1;

	if (!take_byte(in, '{'))
		return false;
	do {
		i = take_name(in, all, n, (unsigned)(i + 1), seen);
		if (i < 0 || !take_value(in, &all[i], to))
			return false;
		seen |= (uint64_t)1 << i;
	} while (take_byte(in, ','));
	return take_byte(in, '}');
}

bool members_take_array(struct members_input *in,
			bool (*element)(struct members_input *in, void *to), void *to)
{
	if (!take_byte(in, '['))
		return false;
	if (take_byte(in, ']'))
		return true;
	do
		if (!element(in, to))
			return false;
	while (take_byte(in, ','));
	return take_byte(in, ']');
}
