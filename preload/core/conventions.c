/*
 * conventions.c: the tables of conventions.h.  Constant data for whatever
 * context an exec is asked in: no relocation, nothing that is written.
 */
#include "preload/core/bits.h"
#include "preload/core/conventions.h"
#include "preload/core/names.h"
#include "preload/core/reading.h"

#define CAT_(a, b) a##b
#define CAT(a, b)  CAT_(a, b)
/* A row's line in conventions.def makes the name of its member. */
#define PLACE(m) CAT(m, __LINE__)

#define MEMBER(s)                   \
	struct fdf_row PLACE(head); \
	char PLACE(body)[sizeof(s)];
#define VALUE(how_, only_if_, s) { .only_if = (only_if_), .how = (how_), .size = sizeof(s) }, s,
#define END_MEMBER		 struct fdf_row end;
#define END_VALUE		 { .how = FDF_ENC_END },

/* The words of conventions.def. */
enum {
	PIPE = FDF_IF_PIPE,
	SOCKET = FDF_IF_SOCKET,
	MEMORY = FDF_IF_MEMORY,
	HARMLESS = FDF_IF_HARMLESS
};

static const struct {
#define LETTER(c, value)      char letter_##c[0];
#define ENV(text, enc, flags) MEMBER(text)
#include "preload/core/conventions.def"
	END_MEMBER
#undef LETTER
#undef ENV
} env = {
#define LETTER(c, value)      {},
#define ENV(text, enc, flags) VALUE(FDF_ENC_##enc, flags, text)
#include "preload/core/conventions.def"
	END_VALUE
#undef LETTER
#undef ENV
};

static const struct {
#define FROM(text, why) MEMBER(text)
#include "preload/core/conventions.def"
	END_MEMBER
#undef FROM
} from = {
#define FROM(text, why) VALUE(FDF_WHY_##why, FDF_ROW_PROGRAM, text)
#include "preload/core/conventions.def"
	END_VALUE
#undef FROM
};

static const struct {
#define INTO(text)	       MEMBER(text)
#define WORD(text, enc, flags) MEMBER(text)
#include "preload/core/conventions.def"
	END_MEMBER
#undef INTO
#undef WORD
} into = {
#define INTO(text)	       VALUE(FDF_ENC_INTO, FDF_ROW_PROGRAM, text)
#define WORD(text, enc, flags) VALUE(FDF_ENC_##enc, flags, text)
#include "preload/core/conventions.def"
	END_VALUE
#undef INTO
#undef WORD
};

/* The first letter of each program's name, and where its row is: few rows are read. */
static const char from_first[] = {
#define FROM(text, why) text[0],
#include "preload/core/conventions.def"
#undef FROM
};
static const uint16_t from_at[] = {
#define FROM(text, why) offsetof(__typeof__(from), PLACE(head)),
#include "preload/core/conventions.def"
#undef FROM
};
static const char into_first[] = {
#define INTO(text) text[0],
#define WORD(text, enc, flags)
#include "preload/core/conventions.def"
#undef INTO
#undef WORD
};
static const uint16_t into_at[] = {
#define INTO(text) offsetof(__typeof__(into), PLACE(head)),
#define WORD(text, enc, flags)
#include "preload/core/conventions.def"
#undef INTO
#undef WORD
};

/* Where the rows of a letter begin; 0 and no row of that letter there: none. */
static const uint16_t letters[32] = {
#define LETTER(c, value) [value & 31] = offsetof(__typeof__(env), letter_##c),
#define ENV(text, enc, flags)
#include "preload/core/conventions.def"
#undef LETTER
#undef ENV
};

const struct fdf_row *fdf_conv_env(char first)
{
	return (const struct fdf_row *)((const char *)&env + letters[first & 31]);
}

/* True of what may stand behind a program's name: nothing, or a version: -5.2, 93, 3.11, -static. */
static bool is_version(struct fdf_str s)
{
	size_t i = s.len && *s.s == '-';

	if (fdf_str_eq(s, fdf_str("-static")) || fdf_str_eq(s, fdf_str(".static")))
		return true;
	if (s.len && !fdf_is_digit(s.s[i < s.len ? i : 0]))
		return false;
	while (i < s.len && (fdf_is_digit(s.s[i]) || s.s[i] == '.'))
		i++;
	return i == s.len || fdf_str_eq((struct fdf_str){ s.s + i, s.len - i }, fdf_str("-static"));
}

/* Is this the name that a row is for? */
static bool is_program(const char *text, struct fdf_str name)
{
	size_t i, tail;

	if (*text == '*') { /* a vendor stands before it */
		tail = fdf_str(++text).len;
		if (tail > name.len)
			return false;
		name = (struct fdf_str){ name.s + name.len - tail, tail };
	}
	for (i = 0; i < name.len && text[i] == name.s[i]; i++)
		;
	if (text[i] == '#')
		return is_version((struct fdf_str){ name.s + i, name.len - i });
	return !text[i] && i == name.len;
}

/* Which of n programs the one at path is; n: none. */
static size_t find(const void *table, const char *firsts, const uint16_t *at, size_t n,
		   struct fdf_str path)
{
	struct fdf_str name = fdf_base(path);
	char first = name.len ? *name.s : 0;
	size_t i = 0;

	while (i < n) {
		const struct fdf_row *row = (const void *)((const char *)table + at[i]);

		if (i + 8 <= n && !fdf_has_byte(firsts + i, first) &&
		    !fdf_has_byte(firsts + i, '*')) {
			i += 8;
			continue;
		}
		if ((firsts[i] == first || firsts[i] == '*') && is_program(row->text, name))
			break;
		i++;
	}
	return i;
}

const struct fdf_row *fdf_conv_from(struct fdf_str path)
{
	size_t i = find(&from, from_first, from_at, sizeof from_first, path);

	return i == sizeof from_first ? &from.end
				      : (const struct fdf_row *)((const char *)&from + from_at[i]);
}

const struct fdf_row *fdf_conv_into(struct fdf_str path)
{
	size_t i = find(&into, into_first, into_at, sizeof into_first, path);

	return i == sizeof into_first ? &into.end
				      : (const struct fdf_row *)((const char *)&into + into_at[i]);
}

const char *fdf_why_text(enum fdf_why why)
{
	static const char texts[FDF_WHYS][47] = {
		[FDF_WHY_SHELL] = "shell: a redirection leaves no other trace",
		[FDF_WHY_CHAIN] = "chain loader: opens for the program it becomes",
		[FDF_WHY_LOCK] = "lock wrapper: the descriptor is the lock",
		[FDF_WHY_FGHACK] = "fghack: its pipes tell when the program ends",
		[FDF_WHY_MC] = "mc: types the numbers into its subshell",
		[FDF_WHY_UCSPI] = "UCSPI client: its connection is at 6 and 7",
		[FDF_WHY_SAME] = "runs its own image again",
	};

	return FDF_NAME(texts, why);
}
