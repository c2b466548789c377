/*
 * Tables of foreign bytes: whatever cells hold, in the C locale and in UTF-8, on any width of a
 * terminal, the table ends, holds no byte that a terminal obeys, and is as wide as it may be.
 *
 * The input: a byte for the locale and colour, one for the width, then cells with NULs between.
 */
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>
#include <wctype.h>

#include "tools/base/base.h"
#include "tools/base/table.h"
#include "tools/base/terminal.h"

#define check(x) ((x) ? (void)0 : abort())
#define COLUMNS	 3
#define FITS	 40 /* a terminal that has room for each column */

static const struct table_column columns[COLUMNS] = { { "NAME", 4, TABLE_WRAP, "" },
						      { "N", 3, TABLE_RIGHT, "" },
						      { "WHAT", 4, TABLE_WRAP, "" } };

/* As records have it, as it came, or a number; with what the input does not fill left empty. */
static void fill(struct table *t, const char *data, size_t len)
{
	size_t cell = 0, n;

	for (; len || cell % COLUMNS; cell++, data += n, len -= n) {
		struct fdf_str text = { data, strnlen(data, len) };

		if (cell % COLUMNS == 0)
			table_row(t);
		if (cell % COLUMNS == 1)
			table_put(t, 1, must_printf("%zu", text.len));
		else
			table_put(t, cell % COLUMNS,
				  cell % 2 ? escaped(text)
					   : must_printf("%.*s", (int)text.len, text.s));
		n = text.len + (text.len < len);
	}
}

/* Lines of characters that this locale shows, `width` columns each at most. */
static void look(const char *text, unsigned width)
{
	mbstate_t state = { 0 };
	unsigned at = 0;
	wchar_t c;
	size_t n;

	for (; *text; text += n) {
		n = mbrtowc(&c, text, MB_CUR_MAX, &state);
		check(n && n <= MB_CUR_MAX);
		if (c == L'\n') {
			at = 0;
			continue;
		}
		check(iswprint((wint_t)c) && wcwidth(c) >= 0);
		at += (unsigned)wcwidth(c);
		check(!width || at <= width);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const uint8_t order[COLUMNS] = { 0, 1, 2 };
	struct table_look how = { 0 };
	struct table *t;
	char *text;

	if (len < 2)
		return 0;
	check(setlocale(LC_CTYPE, data[0] & 1 ? "C.UTF-8" : "C"));
	how.headless = data[0] & 2;
	how.width = data[1];
	t = table_new(columns, order, COLUMNS, how);
	fill(t, (const char *)data + 2, len - 2);
	text = table_print(t);
	look(text, how.width >= FITS ? how.width : 0);
	free(text);
	return 0;
}
