/*
 * conventions.c: the tables of conventions.h.  Constant data for whatever
 * context an exec is asked in: no relocation, nothing that is written.
 */
#include "preload/core/conventions.h"

#define CAT_(a, b) a##b
#define CAT(a, b)  CAT_(a, b)
/* A row's line in conventions.def makes the name of its member. */
#define PLACE(m) CAT(m, __LINE__)

#define MEMBER(s)                     \
	unsigned char PLACE(head)[2]; \
	char PLACE(body)[sizeof(s)];
#define VALUE(what, s) { what, sizeof(s) }, s,
#define END_MEMBER     unsigned char end[2];
#define END_VALUE      { FDF_ENC_END, 0 },

/* The words of conventions.def. */
enum { PIPE = FDF_IF_PIPE, SOCKET = FDF_IF_SOCKET, HARMLESS = FDF_IF_HARMLESS };

static const struct {
#define LETTER(c, value)      char letter_##c[0];
#define ENV(text, enc, flags) MEMBER(text)
#include "preload/core/conventions.def"
	END_MEMBER
#undef LETTER
#undef ENV
} env = {
#define LETTER(c, value)      {},
#define ENV(text, enc, flags) VALUE(FDF_ENC_##enc << 3 | (flags), text)
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
#define FROM(text, why) VALUE(FDF_WHY_##why << 3 | FDF_ROW_PROGRAM, text)
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
#define INTO(text)	       VALUE(FDF_ENC_INTO << 3 | FDF_ROW_PROGRAM, text)
#define WORD(text, enc, flags) VALUE(FDF_ENC_##enc << 3 | (flags), text)
#include "preload/core/conventions.def"
	END_VALUE
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

const struct fdf_row *fdf_conv_from(void)
{
	return (const struct fdf_row *)&from;
}

const struct fdf_row *fdf_conv_into(void)
{
	return (const struct fdf_row *)&into;
}

const char fdf_conv_whys[] = "shell: a redirection leaves no other trace\0"
			     "chain loader: opens for the program it becomes\0"
			     "lock wrapper: the descriptor is the lock\0"
			     "fghack: its pipes tell when the program ends\0"
			     "mc: types the numbers into its subshell\0"
			     "UCSPI client: its connection is at 6 and 7\0"
			     "runs its own image again\0";
