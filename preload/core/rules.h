/*
 * rules.h: text to rules, and whether a rule matches.
 *
 *	VERDICT [exe=GLOB] [into=GLOB] [fd=RANGES] [type=TYPE,...] [path=GLOB] [addr=GLOB] [# why]
 *
 * Rules are separated by newlines or ';'.  Empty rules and rules that are only
 * a comment are skipped; a comment that stands alone reaches to the end of its
 * line, so that "# keep fd=3; keep fd=4" is wholly switched off.  VERDICT is keep, seal,
 * report, deny or abort.  A rule matches when each of its conditions does; one without
 * conditions matches everything.  The first rule that matches wins.
 *
 * GLOB: '*' any bytes, '/' included; '?' one byte; '[a-z]' or '[!a-z]' one of a
 * set; a backslash makes the next byte plain, also white space, ';' and '#'.  exe= and
 * into= without a '/' match the base name.
 * RANGES: N, N-M, N- and lists of them with commas; 0 <= N <= M < 2^31.
 * TYPE: a name of fdf_type_name(); "socket" stands for listeners too.
 *
 * Pure: no allocation, nothing writable of its own, no system call.  The rules point into the
 * text, which must outlive them.
 */
#ifndef FDF_RULES_H
#define FDF_RULES_H

#include "preload/core/facts.h"

enum fdf_verdict {
	FDF_NONE, /* no verdict yet */
	FDF_KEEP,
	FDF_SEAL,
	FDF_REPORT,
	FDF_DENY,
	FDF_ABORT,
	FDF_VERDICTS
};

#define FDF_RULES_MAX 256

struct fdf_rule {
	uint8_t verdict;
	uint16_t types;	     /* bit 1 << enum fdf_type; 0: any */
	uint32_t line;	     /* 1-based number of the rule's line or ';' part, for messages */
	struct fdf_str text; /* the whole rule, without its comment */
	struct fdf_str exe, into, fds, path, addr; /* empty s == NULL: no such condition */
	struct fdf_str why;			   /* text behind '#', trimmed */
};

/* Where and why text was refused. */
struct fdf_error {
	const char *name;     /* the setting's name, set by settings.c; NULL otherwise */
	size_t pos;	      /* byte offset into the text */
	uint32_t line;	      /* 1-based; 0: not lines */
	const char *expected; /* static text: "a verdict (keep, seal, ...)" */
};

/*
 * Parse at most max rules out of text.  Returns their number, or -1 with *err
 * set and *rules in an undefined state (never half a policy: use none of them).
 */
int fdf_rules_parse(struct fdf_str text, struct fdf_rule *rules, int max, struct fdf_error *err);

/*
 * Which of FDF_HAVE_* must be filled in a struct fdf_fd before this rule can be
 * judged (FDF_HAVE_TYPE, FDF_HAVE_TARGET, FDF_HAVE_SOCK).
 */
unsigned fdf_rule_needs(const struct fdf_rule *rule);

bool fdf_rule_matches(const struct fdf_rule *rule, const struct fdf_exec *x,
		      const struct fdf_fd *d);

/* RANGES as above.  check: returns true if well-formed, else sets *err (pos, expected). */
bool fdf_ranges_check(struct fdf_str ranges, struct fdf_error *err);
bool fdf_ranges_have(struct fdf_str ranges, int fd);
/* The largest number that the ranges name, INT_MAX for an open end, -1 if empty. */
int fdf_ranges_last(struct fdf_str ranges);
/* The smallest number >= from that the ranges name, -1 if there is none. */
int fdf_ranges_next(struct fdf_str ranges, int from);

/* docs/rules.md, "Patterns"; a malformed one matches nothing. */
bool fdf_glob(struct fdf_str glob, struct fdf_str text);

const char *fdf_verdict_name(enum fdf_verdict v);	/* "keep" ...; "none" */
enum fdf_verdict fdf_verdict_from(struct fdf_str name); /* FDF_NONE: no such */
const char *fdf_type_name(enum fdf_type t); /* "file" "dir" "chr" "blk" "link" "pipe" "fifo"
					       "socket" "listener" "memfd" "anon" "unknown" */

#endif
