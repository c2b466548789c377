/*
 * parts.h: execs that several records tell of (tools/view/json.h): are all of them there?  In
 * whatever order they come.
 */
#ifndef FDF_REPORT_PARTS_H
#define FDF_REPORT_PARTS_H

#include "tools/records/record_json.h"

#define PARTS_MAX 65536 /* that are waited for at a time */

/* Start with zeros. */
struct parts {
	void *root; /* tsearch(3): those of which some are still to come */
	unsigned long waiting;
	unsigned long unknown; /* execs beyond PARTS_MAX: whether all of them came is not known */
};

void parts_note(struct parts *p, const struct rec *r);

/* Of how many execs is it not known that all records are there? */
unsigned long parts_missing(const struct parts *p);
void parts_free(struct parts *p);

#endif
