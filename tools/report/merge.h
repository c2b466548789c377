/*
 * merge.h: records that were written earlier, of many runs and machines, to a report.
 *
 * Unlike aggregate.h nothing is asked of the processes: they are gone, or on other machines.  An
 * exec counts when its record is read, and no longer when "failed" of the same process follows.
 * Memory is bounded by the causes and by what is remembered of processes (MERGE_PROCESSES), not by
 * how much is read.
 */
#ifndef FDF_MERGE_H
#define FDF_MERGE_H

#include "tools/base/filter.h"
#include "tools/report/aggregate.h"
#include "tools/report/programs.h"

#define MERGE_PROCESSES \
	65536 /* that are remembered at a time; a new one takes an old one's place */

struct merge;

/* f stays the caller's and has to stay.  tree: who started what is wanted, too. */
struct merge *merge_new(const struct filter *f, bool tree);
void merge_free(struct merge *m);

/* Only leaks of these outcomes, 1 << enum leak_outcome; all, if it is not called. */
void merge_outcomes(struct merge *m, unsigned outcomes);

/* What is read from here on is of another log than what was read before. */
void merge_file(struct merge *m);

/*
 * One line: a record, or several whose line ends were lost.  NULL, or what is wrong with it; then it
 * was skipped but for the whole records that stand in it.
 */
const char *merge_take(struct merge *m, const char *line, size_t len);

/* All has been read.  As aggregate_finish(). */
struct report *merge_finish(struct merge *m, bool (*known)(void *ctx, const struct cause *c),
			    void *ctx);

const struct programs *merge_programs(const struct merge *m);

#endif
