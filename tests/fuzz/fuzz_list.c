/*
 * /etc/ld.so.preload, whatever others wrote there: ours comes and goes, and they lose no name, no comment
 * and, where ours was not, no byte.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/system/list.h"

#define check(x) ((x) ? (void)0 : abort())
#define OURS	 "/usr/$LIB/fdfence/libfdfence.so"

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len);

/* Words and what stands between them, as ld.so(8) reads: counted apart from how list.c does it. */
struct words {
	size_t others, ours, comments;
};

static int is_ours(const char *word, size_t n)
{
	const char *base = word;

	for (size_t i = 0; i < n; i++)
		if (word[i] == '/')
			base = word + i + 1;
	return n - (size_t)(base - word) >= 13 && !memcmp(base, "libfdfence.so", 13);
}

static struct words count(const char *s, size_t len)
{
	struct words w = { 0 };

	for (size_t i = 0, n; i < len; i += n) {
		for (n = 0; i + n < len && s[i] == '#' && s[i + n] != '\n'; n++)
			;
		w.comments += n;
		if (n)
			continue;
		for (n = 0; i + n < len && !memchr(" \t\n:#", s[i + n], 5); n++)
			;
		if (n && is_ours(s + i, n))
			w.ours++;
		else if (n)
			w.others++;
		n += !n;
	}
	return w;
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	/* As much room as list.h asks for, so that a byte more is seen. */
	char *text = malloc(len + !len), *with = malloc(len + strlen(OURS) + 2), *without, *twice;
	struct words w, had;
	size_t n, m, own;

	memcpy(text, data, len);
	had = count(text, len);
	check(!list_own(text, len, &own) == !had.ours);

	n = list_with(text, len, OURS, with);
	w = count(with, n);
	check(w.ours == 1 && w.others == had.others && w.comments == had.comments);
	twice = malloc(n + strlen(OURS) + 2);
	check(list_with(with, n, OURS, twice) == n && !memcmp(with, twice, n));

	without = malloc(n);
	m = list_without(with, n, without);
	w = count(without, m);
	check(!w.ours && w.others == had.others && w.comments == had.comments);
	free(without);
	without = malloc(len + !len);
	m = list_without(text, len, without);
	check(had.ours || (m == len && !memcmp(text, without, len)));
	free(text);
	free(with);
	free(twice);
	free(without);
	return 0;
}
