/*
 * known.h: check --baseline: what of a report is new.
 */
#ifndef FDF_KNOWN_H
#define FDF_KNOWN_H

#include "tools/options/formats.h"
#include "tools/report/aggregate.h"
#include "tools/report/baseline.h"

struct known {
	const char *path; /* --baseline; NULL: everything is new */
	bool update;	  /* --update-baseline */
	unsigned max_new; /* --max-new: causes */
	struct baseline *baseline;
};

/* Read the baseline, before anything is run.  0, or -1 after a message. */
int known_open(struct known *k);
void known_close(struct known *k);

/* Would --update-baseline write over what somebody else reads, or over a report?  A message says so. */
bool known_is_taken(const struct known *k, const struct formats *outputs);

/* aggregate_finish(), with the causes that are known taken out. */
struct report *known_finish(struct known *k, struct aggregate *a);

/*
 * --update-baseline.  complete: CMD did not fail, and nothing of it was lost; else, and where r says
 * that it was not all seen, lines without a leak stay.  0, or -1 after a message.
 */
int known_update(struct known *k, const struct report *r, bool complete);

/* Are the leaks of r a failure? */
bool known_fails(const struct known *k, const struct report *r);

#endif
