/*
 * Every convention that is known (preload/core/conventions.tsv): its example is
 * kept exactly as the row says, its near miss is not, and nothing is compiled
 * in that no example shows.
 */
#include <criterion/criterion.h>

#include "tests/unit/core/intent_example.h"

#define ROWS 216

enum column {
	NAME,
	KIND,
	PATTERN,
	ENCODING,
	KEEPS,
	SOURCE,
	CONFIDENCE,
	REASON,
	BY,
	KEEP,
	WANT,
	MISS,
	COLUMNS
};

struct row {
	char line[4096];
	char *at[COLUMNS];
};

static struct row rows[ROWS + 8];
static int nrows;

static FILE *open_text(const char *path)
{
	FILE *f = fopen(path, "r");

	cr_assert(f, "%s: the tests run in the top directory", path);
	return f;
}

static void load(void)
{
	FILE *f = open_text("preload/core/conventions.tsv");
	char head[4096];

	cr_assert(fgets(head, sizeof(head), f));
	cr_assert_str_eq(head,
			 "name\tkind\tpattern\tencoding\tkeeps\tsource\tconfidence\treason\tby"
			 "\tkeep\twant\tmiss\n");
	while (nrows < ROWS + 8 && fgets(rows[nrows].line, sizeof(rows[0].line), f)) {
		char *s = rows[nrows].line;
		int c = 0;

		s[strcspn(s, "\n")] = 0;
		for (char *field; (field = strsep(&s, "\t"));) {
			cr_assert(c < COLUMNS && *field, "row %d, column %d", nrows + 2, c + 1);
			rows[nrows].at[c++] = field;
		}
		cr_assert_eq(c, COLUMNS, "row %d has %d columns", nrows + 2, c);
		nrows++;
	}
	fclose(f);
}

TestSuite(conventions, .init = load);

static bool has(const char *field)
{
	return strcmp(field, "-") != 0;
}

static bool is_kind(const char *kind, const char *of)
{
	return strstr(kind, of);
}

Test(conventions, all_rows_are_there)
{
	cr_assert_eq(nrows, ROWS);
}

Test(conventions, every_variable_and_argument_has_an_example_and_a_near_miss)
{
	int n = 0;

	for (struct row *r = rows; r < rows + nrows; r++) {
		if (!is_kind(r->at[KIND], "env") && !is_kind(r->at[KIND], "argv"))
			continue;
		n++;
		cr_expect(has(r->at[KEEP]) && has(r->at[WANT]) && has(r->at[MISS]), "%s",
			  r->at[NAME]);
	}
	cr_expect_gt(n, 150);
}

Test(conventions, a_row_that_names_none_has_an_example_of_that)
{
	for (struct row *r = rows; r < rows + nrows; r++) {
		if (is_kind(r->at[KIND], "none"))
			cr_expect(has(r->at[MISS]) && !has(r->at[KEEP]), "%s", r->at[NAME]);
		cr_expect_eq(has(r->at[KEEP]), has(r->at[WANT]), "%s", r->at[NAME]);
	}
}

static uint8_t condition(const char *word)
{
	for (uint8_t i = 1; i < sizeof(conditions) / sizeof(*conditions); i++)
		if (!strcmp(conditions[i] + 1, word))
			return i;
	cr_expect(false, "no condition: %s", word);
	return 0;
}

/* "precise 7 8 socket; all" as example_meant() writes it. */
static const char *expand(const char *want)
{
	static char out[4096];
	struct fdf_intent in = { .image = NULL };
	char copy[1024], *part, *word, *save = NULL, *save2;
	size_t n = 0;

	out[0] = 0;
	snprintf(copy, sizeof(copy), "%s", want);
	for (part = strtok_r(copy, ";", &save); part; part = strtok_r(NULL, ";", &save)) {
		struct fdf_meant m = { .member = 0 };
		int first = in.n;

		for (word = strtok_r(part, " ", &save2); word; word = strtok_r(NULL, " ", &save2)) {
			if (!strcmp(word, "all"))
				in.image = "";
			else if (!m.member)
				m.member = !strcmp(word, "precise")   ? FDF_PRECISE
					   : !strcmp(word, "generic") ? FDF_GENERIC
								      : FDF_IMAGE;
			else if (word[0] >= '0' && word[0] <= '9') {
				m.first = m.last = atoi(word);
				if (strchr(word, '-'))
					m.last = atoi(strchr(word, '-') + 1);
				in.meant[in.n++] = m;
			} else
				for (int i = first; i < in.n; i++)
					in.meant[i].only_if = condition(word);
		}
	}
	qsort(in.meant, in.n, sizeof(*in.meant), example_order);
	if (in.image)
		n += snprintf(out, sizeof(out), "all; ");
	for (int i = 0; i < in.n; i++) {
		char range[32];

		snprintf(range, sizeof(range), "%d-%d", in.meant[i].first, in.meant[i].last);
		if (in.meant[i].first == in.meant[i].last)
			*strchr(range, '-') = 0;
		n += snprintf(out + n, sizeof(out) - n, "%s %s%s; ",
			      fdf_member_name(in.meant[i].member), range,
			      conditions[in.meant[i].only_if]);
	}
	out[n ? n - 2 : 0] = 0;
	return out;
}

/* The next of several examples in a field: "A || B". */
static char *next_example(char **field)
{
	char *one = *field, *bar = one ? strstr(one, " || ") : NULL;

	*field = bar ? bar + 4 : NULL;
	if (bar)
		*bar = 0;
	return one;
}

Test(conventions, every_example_is_kept_as_its_row_says)
{
	int n = 0;

	for (struct row *r = rows; r < rows + nrows; r++) {
		char *keep = r->at[KEEP], *want = r->at[WANT], *one, *meant;

		while (has(r->at[KEEP]) && (one = next_example(&keep))) {
			meant = next_example(&want);
			cr_assert(meant, "%s: fewer in want than in keep", r->at[NAME]);
			cr_expect_str_eq(example_meant(one, ~0U), expand(meant), "%s: %s",
					 r->at[NAME], one);
			n++;
		}
	}
	cr_expect_gt(n, 150);
}

Test(conventions, no_near_miss_is_kept)
{
	int n = 0;

	for (struct row *r = rows; r < rows + nrows; r++) {
		char *miss = r->at[MISS], *one;

		while (has(r->at[MISS]) && (one = next_example(&miss))) {
			cr_expect_str_eq(example_meant(one, ~0U), "", "%s: %s", r->at[NAME], one);
			n++;
		}
	}
	cr_expect_gt(n, 150);
}

Test(conventions, the_column_by_names_what_the_example_shows)
{
	for (struct row *r = rows; r < rows + nrows; r++) {
		const char *want = r->at[WANT], *by = r->at[BY];

		if (!has(r->at[KEEP]))
			continue;
		cr_expect_eq(!strstr(want, "precise"), !strstr(by, "precise"), "%s", r->at[NAME]);
		cr_expect_eq(!strstr(want, "generic"), !strstr(by, "generic"), "%s", r->at[NAME]);
		if (strstr(want, "all") || strstr(want, "image"))
			cr_expect(strstr(by, "image"), "%s", r->at[NAME]);
	}
}

/* True if a name of conventions.def is in an example that is kept. */
static bool is_shown(const char *text)
{
	char name[128];
	size_t n = 0;

	/* As the examples write it: without what stands for the rest, \s for a space. */
	for (; *text && *text != '*' && *text != '#'; text++)
		n += snprintf(name + n, sizeof(name) - n, *text == ' ' ? "\\s" : "%c", *text);
	name[n] = 0;
	for (struct row *r = rows; r < rows + nrows; r++)
		if (strstr(r->at[KEEP], name))
			return true;
	return false;
}

Test(conventions, every_variable_that_is_compiled_in_has_an_example)
{
#define LETTER(name, value)
#define ENV(text, enc, flags)                            \
	if (strcmp(#enc, "NONE") && strcmp(#enc, "CGI")) \
		cr_expect(is_shown(text), "no example: %s", text);
#include "preload/core/conventions.def"
#undef LETTER
#undef ENV
}

Test(conventions, every_word_that_is_compiled_in_has_an_example)
{
#define INTO(text)
#define WORD(text, enc, flags) cr_expect(is_shown(text), "no example: %s", text);
#include "preload/core/conventions.def"
#undef INTO
#undef WORD
}

Test(conventions, the_manual_shows_every_row)
{
	static char text[512 * 1024];
	FILE *f = open_text("docs/intent.md");
	size_t n = fread(text, 1, sizeof(text) - 1, f);

	fclose(f);
	text[n] = 0;
	for (struct row *r = rows; r < rows + nrows; r++) {
		char want[4096], *w = want;

		w += sprintf(w, "\n| ");
		for (int c = NAME; c <= MISS; c++) {
			static const bool shown[COLUMNS] = {
				[NAME] = 1,  [KIND] = 1, [PATTERN] = 1,
				[KEEPS] = 1, [BY] = 1,	 [SOURCE] = 1
			};

			if (!shown[c])
				continue;
			for (const char *s = r->at[c]; *s; s++) {
				if (strchr("|*_<>\\`", *s))
					*w++ = '\\';
				*w++ = *s;
			}
			w += sprintf(w, " | ");
		}
		w[-1] = 0;
		cr_expect(strstr(text, want), "tests/conventions-table.sh would add: %s", want + 1);
	}
}
