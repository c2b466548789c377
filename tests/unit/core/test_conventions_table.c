/*
 * The compact tables (preload/core/conventions.def): their order, and that no
 * row hides another.
 */
#include <criterion/criterion.h>

#include "tests/unit/core/intent_example.h"

Test(conventions, the_rows_of_a_letter_stand_behind_its_mark)
{
	int letter = 0;
	unsigned seen = 0;

#define LETTER(name, value)                                            \
	letter = value;                                                \
	cr_expect_not(seen >> (letter & 31) & 1, "twice: %c", letter); \
	seen |= 1U << (letter & 31);
#define ENV(text, enc, flags) cr_expect_eq(text[0], letter, "%s", text);
#include "preload/core/conventions.def"
#undef LETTER
#undef ENV
}

static bool is_behind(const char *early, const char *late)
{
	size_t n = strcspn(early, "*"), len = strlen(late);

	if (!n) /* any vendor's */
		return len >= strlen(early + 1) &&
		       !strcmp(late + len - strlen(early + 1), early + 1);
	return early[n] == '*' ? !strncmp(early, late, n) : !strcmp(early, late);
}

Test(conventions, no_program_is_hidden_by_one_before_it)
{
	const char *names[256];
	int n = 0;

#define INTO(text) names[n++] = text;
#define WORD(text, enc, flags)
#include "preload/core/conventions.def"
#undef INTO
#undef WORD
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++)
			cr_expect_not(is_behind(names[k], names[i]), "%s hides %s", names[k],
				      names[i]);
}

Test(conventions, every_program_that_keeps_all_is_recognised)
{
	char text[256];

/* Of what is many in one, the applet does; a loader is what it was called with. */
#define FROM(name, why)                                                                         \
	snprintf(text, sizeof(text), "@exe=/usr/bin/%.*s @applet=ash -- /bin/sh",               \
		 (int)strcspn(name, "#"), name);                                                \
	cr_expect_str_eq(example_meant(text, ~0U),                                              \
			 !strcmp(#why, "UCSPI")	   ? "image 6-7"                                \
			 : !strcmp(#why, "LOADER") ? ""                                         \
						   : "all",                                     \
			 "%s", name);                                                           \
	snprintf(text, sizeof(text), "@exe=/usr/bin/x%.*s -- /bin/sh", (int)strcspn(name, "#"), \
		 name);                                                                         \
	cr_expect(!strncmp(name, "sh", 2) || !strcmp(example_meant(text, ~0U), ""), "x%s", name);
#include "preload/core/conventions.def"
#undef FROM
}
