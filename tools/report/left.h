/*
 * left.h: starts that a program left to libc (wordexp, a spawn with what the engine does not know).
 *
 * The parent tells of the exec, in its own name and before it happens; the start comes from a child
 * whose number nobody told.  They belong together by the parent's number, both in its own words, and
 * by the image.
 */
#ifndef FDF_REPORT_LEFT_H
#define FDF_REPORT_LEFT_H

#include "tools/report/pending.h"

struct left {
	struct pending *exec; /* NULL: started, and may start more: wordexp */
	char *into;
	long long parent; /* as it calls itself */
	bool again;	  /* one record may stand for several starts */
	struct left *next;
};

/* r is in_child, an exec; it is taken over. */
void left_add(struct left **all, const struct rec *r, struct pending *exec);

/*
 * Is r, a start or an exec of a child that a supervisor tells of, one of these?  *exec: what it was
 * until now, the caller's; NULL: one that may start more has started before.
 */
bool left_starts(struct left **all, const struct rec *r, struct pending **exec);

/* The exec that r, in_child and failed, takes back, or with r NULL any; the caller's.  NULL: none. */
struct pending *left_take(struct left **all, const struct rec *r);

/* Is there one whose start has not been seen? */
bool left_waits(const struct left *all);

#endif
