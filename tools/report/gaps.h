/*
 * gaps.h: what a report does not know, and what it leaves out because it was asked to, in the same
 * words for every format: nothing that was not seen or not counted is called clean by any.
 */
#ifndef FDF_GAPS_H
#define FDF_GAPS_H

#include "tools/report/aggregate.h"

enum gap_kind {
	GAP_UNCOVERED,
	GAP_INEXACT,
	GAP_CUT,
	GAP_UNLISTED,
	GAP_LOST,
	GAP_UNSUPERVISED,
	GAP_RUNNING,
	GAP_UNSEEN,
	GAP_REFUSED,
	GAP_SKIPPED,
	GAP_SEVERITY,
	GAP_BELOW, /* from here on: left out as asked */
	GAP_FILTERED,
	GAP_KNOWN,
	GAP_ENVIRONMENT,
	GAPS
};

struct gap {
	enum gap_kind kind;
	const char *program; /* as in records; "": of no program alone */
	unsigned long n;
	char *text; /* plain, a sentence without full stop */
};

struct gaps {
	struct gap *list;
	size_t unseen; /* the first of them: what is not known */
	size_t n;      /* all: those, and what was left out as asked */
};

/* Of r, which has to stay; in the order of the kinds. */
struct gaps gaps_of(const struct report *r);
void gaps_free(struct gaps *g);

/* As finding_print(): the same however often, and in every run.  The caller frees. */
char *gap_print(const struct gap *g);

/* "not-covered", "still-running": a word that stays the same. */
const char *gap_name(enum gap_kind kind);

/* Left out as asked, by --min-severity, a filter, a baseline or the environment: known, and not counted. */
bool gap_is_asked(enum gap_kind kind);

/* "not covered", "records lost": what the kind is of, in a few words. */
const char *gap_title(enum gap_kind kind);

#endif
