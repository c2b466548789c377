/*
 * rotated.h: which log a file is of, and how old a part of it, as logrotate(8) and trace --rotate name them.
 */
#ifndef FDF_ROTATED_H
#define FDF_ROTATED_H

#include <stdbool.h>
#include <stddef.h>

struct rotated {
	size_t log; /* bytes of the path that name the log, up to the end of .jsonl, .log or .json */
	bool may_be_others; /* not .jsonl */
	bool known; /* what stands behind says when it was rotated, how it is packed, or nothing */
	const char
		*when; /* NAME.jsonl.1: ".1", NAME.jsonl-20261125.gz: "-20261125"; not terminated */
	size_t nwhen;
	bool numbered;	      /* NAME.jsonl.N */
	unsigned long number; /* its N */
};

/* false: it has the name of no log. */
bool rotated_parse(struct rotated *r, const char *path);

/* Is a older than b, which is of the same log?  < 0: yes; > 0: it is newer; as for qsort(3). */
int rotated_order(const struct rotated *a, const struct rotated *b);

/* Was b begun when a, of the same log, was rotated? */
bool rotated_follows(const struct rotated *a, const struct rotated *b);

#endif
