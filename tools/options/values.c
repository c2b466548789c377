/*
 * values.c: what the argument of an option may be.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/options/options.h"

const char *option_word(const struct option_row *row, unsigned i, size_t *len)
{
	const char *w = row->word ? row->word(i) : row->words;

	if (!row->word)
		for (; w && i > 0; i--) {
			w = strchr(w, ' ');
			w = w ? w + 1 : NULL;
		}
	*len = !w ? 0 : row->word ? strlen(w) : strcspn(w, " ");
	return w;
}

int option_refuse(const struct option_row *row, const char *arg, const char *expected)
{
	say("--%s '%s': expected %s", row->name, arg, expected);
	return -1;
}

/* "a, b or c", of all words. */
static char *enumerated(const struct option_row *row, const char *before_last)
{
	char *text = must_dup(""), *more;
	size_t len, next;
	const char *w;
	unsigned i;

	for (i = 0; (w = option_word(row, i, &len)); i++) {
		bool last = !option_word(row, i + 1, &next);

		more = must_printf("%s%s%.*s", text,
				   !i	  ? ""
				   : last ? before_last
					  : ", ",
				   (int)len, w);
		free(text);
		text = more;
	}
	return text;
}

/* -1: no such word. */
static int index_of(const struct option_row *row, const char *s, size_t n)
{
	const char *w;
	size_t len;
	int i;

	for (i = 0; (w = option_word(row, (unsigned)i, &len)); i++)
		if (len == n && !strncmp(w, s, n))
			return i;
	return -1;
}

int option_one(const struct option_row *row, const char *arg, int *to)
{
	int i = index_of(row, arg, strlen(arg));
	char *words;

	if (i >= 0) {
		*to = i;
		return 0;
	}
	words = enumerated(row, " or ");
	option_refuse(row, arg, words);
	free(words);
	return -1;
}

int option_list(const struct option_row *row, const char *arg, unsigned *to)
{
	const char *p = arg;
	unsigned bits = 0;
	char *words, *list;

	for (;; p++) {
		size_t n = strcspn(p, ",");
		int i = index_of(row, p, n);

		if (i < 0)
			break;
		bits |= 1u << i;
		p += n;
		if (!*p) {
			*to = bits;
			return 0;
		}
	}
	words = enumerated(row, " and ");
	list = must_printf("some of %s, with commas between them", words);
	option_refuse(row, arg, list);
	free(words);
	free(list);
	return -1;
}

int option_number(const struct option_row *row, const char *arg, unsigned min, unsigned max,
		  unsigned *to)
{
	char *end, *expected;
	unsigned long long n;

	errno = 0;
	n = strtoull(arg, &end, 10);
	if (isdigit((unsigned char)*arg) && !*end && !errno && n >= min && n <= max) {
		*to = (unsigned)n;
		return 0;
	}
	expected = must_printf("a number from %u to %u", min, max);
	option_refuse(row, arg, expected);
	free(expected);
	return -1;
}

int option_status(const struct option_row *row, const char *arg, unsigned *to)
{
	unsigned n;

	if (option_number(row, arg, 0, 255, &n))
		return -1;
	if (n >= EXIT_OWN && n <= EXIT_NOTFOUND)
		return option_refuse(row, arg, "another one: 125, 126 and 127 mean other failures");
	*to = n;
	return 0;
}
