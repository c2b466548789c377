/*
 * members.h: JSON as an encoder of ours writes it, by tables of members: no blank, each member known
 * and there once, text of printable ASCII.  What is otherwise is refused without a word.
 */
#ifndef FDF_MEMBERS_H
#define FDF_MEMBERS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Text that is being read.  It is written to: texts end, and are unescaped, in their own places. */
struct members_input {
	char *at;
	void *ctx; /* of whoever reads */
};

#define MEMBERS_BEHIND 32 /* zero bytes that stand behind the last one */

enum member_kind { MEMBER_TEXT, MEMBER_NUMBER, MEMBER_TRUTH, MEMBER_OTHER };

struct member {
	const char *name; /* "name": as it stands in an object */
	uint8_t len;	  /* of that */
	uint8_t kind;	  /* enum member_kind */
	uint8_t size;	  /* of a number, in bytes: 4 or 8 */
	int16_t at;	  /* offset of what it becomes; MEMBER_SKIPPED: it is read, and not kept */
	long long max;	  /* of a number */
	bool (*take)(struct members_input *in, void *to); /* of MEMBER_OTHER; to: the whole */
};

#define MEMBER_SKIPPED (-1)

/* Of name as text, into a const char *, a number of 4 or 8 bytes, a bool; what take() reads. */
#define MEMBER_NAMED(text) .name = "\"" text "\":", .len = sizeof(text) + 2
#define TEXT_AT(s, m, text)                                                        \
	{                                                                          \
		MEMBER_NAMED(text), MEMBER_TEXT, 0, offsetof(struct s, m), 0, NULL \
	}
#define NUMBER_AT(s, m, text, max)                                             \
	{                                                                      \
		MEMBER_NAMED(text), MEMBER_NUMBER, sizeof(((struct s *)0)->m), \
			offsetof(struct s, m), max, NULL                       \
	}
#define TRUTH_AT(s, m, text)                                                        \
	{                                                                           \
		MEMBER_NAMED(text), MEMBER_TRUTH, 0, offsetof(struct s, m), 0, NULL \
	}
#define SKIPPED(kind, text)                                                  \
	{                                                                    \
		MEMBER_NAMED(text), kind, 8, MEMBER_SKIPPED, LLONG_MAX, NULL \
	}
#define OTHER(text, take)                                                    \
	{                                                                    \
		MEMBER_NAMED(text), MEMBER_OTHER, 0, MEMBER_SKIPPED, 0, take \
	}

/*
 * An object of n members (64 at most), which may be in any order; the one behind the last is tried
 * first.  false: it is none, or it takes more to read it; what was read is in *to all the same.
 */
bool members_take(struct members_input *in, const struct member *all, unsigned n, void *to);

/* '[', elements that take() reads, with commas between them, ']'. */
bool members_take_array(struct members_input *in, bool (*take)(struct members_input *in, void *to),
			void *to);

/* NULL: none. */
const char *members_take_text(struct members_input *in);

#endif
