/*
 * Tables of hostile text: in each locale, on each width of a terminal, the table
 * ends, holds nothing that a terminal takes for more than a letter, and keeps
 * its columns.
 */
#include <criterion/criterion.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/base/terminal.h"

static const char *const locales[] = { "C", "C.UTF-8" };

static const char *const corpus[] = {
	"",
	"plain",
	"with blank and\ttab",
	"\xc3\xa9",		    /* é */
	"e\xcc\x81",		    /* e and a combining accent */
	"\xcc\x81",		    /* the accent alone */
	"\xe6\x97\xa5\xe6\x9c\xac", /* double width */
	"\xf0\x9f\x98\x80",	    /* an emoji */
	"\xff\xfe\x80",		    /* no UTF-8 */
	"\xc3",			    /* half a character */
	"\xc0\xaf",		    /* overlong */
	"\xed\xa0\x80",		    /* a surrogate */
	"\xf4\x90\x80\x80",	    /* behind Unicode */
	"\xcd\xb8",		    /* not assigned */
	"\xee\x80\x80",		    /* private use */
	"a\nb\rc\x1b[2Jd\x07\x7f",  /* control */
	"\xc2\x9b"
	"31m",					   /* CSI of C1 */
	"\xe2\x80\xae\xe2\x81\xa6txt\xe2\x80\x8f", /* directions */
	"\xe2\x80\x8b\xef\xbb\xbf\xc2\xad",	   /* not shown at all */
	"\xf3\xa0\x80\x81",			   /* a tag */
	"back\\slash \\x41 \"quoted\"",
	"\\",
	"\\x",
	"%s%n",
};

#define NCORPUS (sizeof(corpus) / sizeof(corpus[0]))

static void use(const char *locale)
{
	cr_assert(setlocale(LC_CTYPE, locale), "no locale %s", locale);
}

/* What leaves may hold: lines of characters of this locale, none with an effect. */
static void is_harmless(const char *text)
{
	mbstate_t state = { 0 };
	size_t len = strlen(text), n;
	wchar_t c;

	for (; len; text += n, len -= n) {
		n = mbrtowc(&c, text, len, &state);
		cr_assert_leq(n, len, "not of this locale: %s", text);
		cr_assert(*text == '\n' || *text == '\\' ||
				  fdf_printable((struct fdf_str){ text, len }),
			  "byte %02x", (unsigned char)*text);
	}
}

static size_t width_of(const char *line, size_t len)
{
	wchar_t wide[8192];
	char *copy = strndup(line, len);
	size_t n = mbstowcs(wide, copy, 8192);

	free(copy);
	return (size_t)wcswidth(wide, n);
}

/* Columns on the screen of the widest line. */
static size_t widest(const char *text)
{
	size_t most = 0, n;

	for (; *text; text += n + (text[n] == '\n')) {
		n = strcspn(text, "\n");
		if (width_of(text, n) > most)
			most = width_of(text, n);
	}
	return most;
}

static const struct table_column columns[] = { { "NAME", 4, TABLE_WRAP, "" },
					       { "N", 3, TABLE_RIGHT, "" },
					       { "WHAT", 4, TABLE_WRAP, "" } };

static char *table_of(const char *const *texts, size_t n, unsigned width)
{
	static const uint8_t order[] = { 0, 1, 2 };
	struct table *t = table_new(columns, order, 3, (struct table_look){ .width = width });

	for (size_t i = 0; i < n; i++) {
		table_row(t);
		table_put(t, 0, escaped(fdf_str(texts[i])));
		table_put(t, 1, must_printf("%zu", i));
		table_put(t, 2, must_dup(texts[i])); /* by mistake as it came */
	}
	return table_print(t);
}

Test(table, ends_and_is_harmless_whatever_it_holds, .timeout = 60)
{
	static const unsigned widths[] = { 0, 1, 2, 7, 20, 60, 61, 200 };
	char *text;

	for (size_t l = 0; l < 2; l++) {
		use(locales[l]);
		for (size_t w = 0; w < sizeof(widths) / sizeof(widths[0]); w++) {
			for (size_t i = 0; i < NCORPUS; i++) {
				text = table_of(&corpus[i], 1, widths[w]);
				is_harmless(text);
				free(text);
			}
			text = table_of(corpus, NCORPUS, widths[w]);
			is_harmless(text);
			if (widths[w] >= 60)
				cr_assert_leq(widest(text), widths[w], "%s", text);
			free(text);
		}
	}
}

/* The longest name that there can be, of each kind. */
Test(table, takes_names_of_4096_bytes, .timeout = 60)
{
	static const unsigned widths[] = { 0, 60 };

	for (size_t l = 0; l < 2; l++) {
		use(locales[l]);
		for (size_t i = 1; i < NCORPUS; i++) {
			char name[4097] = "";
			const char *texts[] = { name, "x" };

			while (strlen(name) + strlen(corpus[i]) <= 4096)
				strcat(name, corpus[i]);
			for (size_t w = 0; w < 2; w++) {
				char *text = table_of(texts, 2, widths[w]);

				is_harmless(text);
				if (widths[w])
					cr_assert_leq(widest(text), widths[w]);
				free(text);
			}
		}
	}
}

/* Where the number of each row stands on the screen. */
Test(table, columns_do_not_shift, .timeout = 60)
{
	static const char *const texts[] = { "x",	  "\xc3\xa9",
					     "e\xcc\x81", "\xe6\x97\xa5\xe6\x9c\xac",
					     "\xff",	  "\xf0\x9f\x98\x80" };

	for (size_t l = 0; l < 2; l++) {
		size_t first = 0;
		char *text, *line, *save;

		use(locales[l]);
		text = table_of(texts, 6, 0);
		line = strtok_r(text, "\n", &save); /* the header */
		cr_assert(strstr(line, "WHAT"), "%s", line);
		for (char row = '0'; (line = strtok_r(NULL, "\n", &save)); row++) {
			size_t at = width_of(line, (size_t)(strchr(line, row) - line));

			if (row == '0')
				first = at;
			cr_assert_eq(at, first, "row %c: %zu, %zu", row, at, first);
		}
		free(text);
	}
}

/* Where the heads of the columns N and WHAT begin, and where the row with that number has it. */
static size_t head_at(const char *table, const char *name)
{
	return (size_t)(strstr(table, name) - table);
}

Test(table, long_texts_share_a_narrow_terminal)
{
	static const char name[] = "/usr/lib/a/rather/long/name/of/a/program/that/leaks";
	const char *texts[] = { name, "x" };
	struct table *t = table_new(columns, (const uint8_t[]){ 0, 1, 2 }, 3,
				    (struct table_look){ .width = 60 });
	char *text;

	use("C");
	table_row(t);
	table_put(t, 0, must_dup(name));
	table_put(t, 1, must_dup("7"));
	table_put(t, 2, must_printf("%0300d", 1));
	text = table_print(t);
	cr_assert_eq(widest(text), 60, "%s", text);
	cr_assert_eq(head_at(text, "WHAT"), 27 + 2 + 3 + 2, "%s", text);
	free(text);
	text = table_of(texts, 2, 0);
	cr_assert(strstr(text, name), "without a terminal a row is a line: %s", text);
	free(text);
}

static char *next_rows(unsigned *widths, bool headless, const char *name, const char *what)
{
	struct table *t = table_new(
		columns, (const uint8_t[]){ 0, 1, 2 }, 3,
		(struct table_look){ .width = 40, .widths = widths, .headless = headless });

	table_row(t);
	table_put(t, 0, must_dup(name));
	table_put(t, 1, must_dup("7"));
	table_put(t, 2, must_dup(what));
	return table_print(t);
}

Test(table, rows_that_follow_keep_the_columns)
{
	static const char long_name[] = "/usr/lib/a/rather/long/name/of/a/program/that/leaks";
	unsigned widths[3] = { 0 };
	char *first, *next;
	size_t at;

	use("C.UTF-8");
	first = next_rows(widths, false, "/usr/bin/\xe6\x97\xa5", "/srv/db");
	at = head_at(first, "WHAT") - 2;
	for (int i = 0; i < 3; i++) {
		static const char *const names[] = { "/x", "/usr/bin/e\xcc\x81", long_name };

		next = next_rows(widths, true, names[i], i == 1 ? long_name : "/y");
		cr_assert_leq(widest(next), 40, "%s", next);
		cr_assert_eq(width_of(next, (size_t)(strstr(next, "7  ") - next)) + 1, at, "%s%s",
			     first, next);
		free(next);
	}
	free(first);
}

static void shows(const char *locale, const char *bytes, const char *expected)
{
	char *plain, *text;

	use(locale);
	plain = escaped(fdf_str(bytes));
	text = shown(plain);
	cr_assert_str_eq(text, expected);
	free(plain);
	free(text);
}

Test(terminal, shows_what_the_locale_can_show)
{
	shows("C.UTF-8", "/tmp/\xc3\xa9", "/tmp/\xc3\xa9");
	shows("C", "/tmp/\xc3\xa9", "/tmp/\\xc3\\xa9");
	shows("C.UTF-8", "\xe6\x97\xa5 e\xcc\x81", "\xe6\x97\xa5 e\xcc\x81");
}

Test(terminal, escapes_once)
{
	shows("C.UTF-8", "a\x1b[1m\n\xff", "a\\x1b[1m\\x0a\\xff");
	shows("C", "a\\x41\"", "a\\x5cx41\"");
	shows("C.UTF-8", "\xe2\x80\xae", "\\xe2\\x80\\xae");
}
