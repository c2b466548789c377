/*
 * The lines of a file: whatever is in it, each is told of once, with its number, and one that is
 * too long costs nothing but itself.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/records/lines.h"
#include "tools/records/unpack.h"

static struct lines l;
static const char *line;
static size_t len;

static void open_bytes(const char *bytes, size_t n)
{
	FILE *f = tmpfile();

	cr_assert_eq(fwrite(bytes, 1, n, f), n);
	rewind(f);
	lines_open(&l, dup(fileno(f)));
	fclose(f);
}

static void expect(const char *text, size_t n, unsigned long number)
{
	cr_assert_eq(lines_next(&l, &line, &len), LINES_LINE);
	cr_assert_eq(len, n);
	cr_assert(!memcmp(line, text, n));
	cr_assert_eq(l.number, number);
}

Test(lines, any_bytes)
{
	open_bytes("a\n\n\0b\r\nlast", 11);
	expect("a", 1, 1);
	expect("", 0, 2);
	expect("\0b\r", 3, 3);
	expect("last", 4, 4);
	cr_assert_eq(lines_next(&l, &line, &len), LINES_END);
	cr_assert_eq(lines_next(&l, &line, &len), LINES_END);
	lines_close(&l);
}

Test(lines, nothing)
{
	open_bytes("", 0);
	cr_assert_eq(lines_next(&l, &line, &len), LINES_END);
	lines_close(&l);
}

/* n bytes, "x" as the next line, and so on: at each place where a buffer may end. */
Test(lines, as_long_as_it_may_be_and_longer)
{
	static const size_t sizes[] = { LINE_BYTES - 1,	    LINE_BYTES,	       LINE_BYTES + 1,
					2 * LINE_BYTES - 1, 2 * LINE_BYTES,    2 * LINE_BYTES + 1,
					3 * LINE_BYTES,	    5 * LINE_BYTES / 2 };
	const size_t n = sizeof(sizes) / sizeof(sizes[0]);
	char *text;
	size_t size;
	FILE *f = open_memstream(&text, &size);

	for (size_t i = 0; i < n; i++) {
		for (size_t k = 0; k < sizes[i]; k++)
			fputc('a' + (int)i, f);
		fputs("\nx\n", f);
	}
	fclose(f);
	open_bytes(text, size);
	for (size_t i = 0; i < n; i++) {
		enum lines_got got = lines_next(&l, &line, &len);

		cr_assert_eq(got, sizes[i] > LINE_BYTES ? LINES_TOO_LONG : LINES_LINE, "%zu", i);
		if (got == LINES_LINE)
			cr_assert(len == sizes[i] && line[0] == 'a' + (int)i &&
				  line[len - 1] == line[0]);
		expect("x", 1, 2 * i + 2);
	}
	cr_assert_eq(lines_next(&l, &line, &len), LINES_END);
	lines_close(&l);
	free(text);
}

Test(lines, too_long_and_without_end)
{
	char *text = calloc(1, 3 * LINE_BYTES);

	open_bytes(text, 3 * LINE_BYTES);
	cr_assert_eq(lines_next(&l, &line, &len), LINES_TOO_LONG);
	cr_assert_eq(lines_next(&l, &line, &len), LINES_END);
	lines_close(&l);
	free(text);
}

/* "one\n" packed; gzip(1) and zstd(1) take such files put together. */
static const char gzipped[] = "\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xcb\xcf\x4b\xe5\x02\x00"
			      "\x9f\xa8\x17\xf8\x04\x00\x00\x00";
static const char zstdded[] = "\x28\xb5\x2f\xfd\x20\x04\x21\x00\x00one\n";

static void packed(const char *member, size_t n)
{
	char *twice = malloc(2 * n);

	memcpy(twice, member, n);
	memcpy(twice + n, member, n);
	open_bytes(twice, 2 * n);
	expect("one", 3, 1);
	expect("one", 3, 2);
	cr_assert_eq(lines_next(&l, &line, &len), LINES_END);
	lines_close(&l);
	for (size_t cut = 4; cut < n; cut++) { /* it ends anywhere in the second */
		open_bytes(twice, n + cut);
		expect("one", 3, 1);
		while (lines_next(&l, &line, &len) == LINES_LINE)
			;
		cr_assert_eq(lines_next(&l, &line, &len), LINES_FAILED, "%zu", cut);
		cr_assert_not_null(unpack_why(l.from));
		lines_close(&l);
	}
	free(twice);
}

Test(lines, of_gzip)
{
	packed(gzipped, sizeof(gzipped) - 1);
}

Test(lines, of_zstd)
{
	packed(zstdded, sizeof(zstdded) - 1);
}

Test(lines, foreign_bytes_behind_what_is_packed)
{
	char text[sizeof(gzipped) + 8] = { 0 };

	memcpy(text, gzipped, sizeof(gzipped) - 1);
	memcpy(text + sizeof(gzipped) - 1, "garbage", 8);
	open_bytes(text, sizeof(text));
	expect("one", 3, 1);
	cr_assert_eq(lines_next(&l, &line, &len), LINES_FAILED);
	lines_close(&l);
}
