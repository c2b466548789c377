/*
 * report.c: the lists of a report.
 */
#include <stdlib.h>

#include "tools/report/aggregate.h"

void report_list(struct report *r, const struct causes *causes, const struct causes *kept,
		 const struct uncovereds *uncovered,
		 bool (*known)(void *ctx, const struct cause *c), void *ctx)
{
	if (known)
		causes_mark(causes, known, ctx);
	r->causes = causes_list(causes, false, &r->ncauses);
	r->outside = causes_list(causes, true, &r->noutside);
	r->kept = causes_list(kept, false, &r->nkept);
	r->uncovered = uncovered_list(uncovered, &r->nuncovered);
	for (int l = 0; l < FDF_LEVELS; l++)
		for (int o = 0; o < LEAK_OUTCOMES; o++) {
			r->lost_of[l][o] = causes->rest[l][o].times;
			r->lost_causes += r->lost_of[l][o];
		}
}

void report_free(struct report *r)
{
	free(r->causes);
	free(r->outside);
	free(r->kept);
	free(r->uncovered);
	free(r->inexact_why);
}
