/*
 * recorded.h: records as they are made, to reports: of subcommands that look from outside, whose
 * own output is text or records.
 */
#ifndef FDF_RECORDED_H
#define FDF_RECORDED_H

#include "tools/commands/outputs.h"
#include "tools/report/merge.h"

struct recorded {
	struct merge *merge; /* NULL: no report is asked for */
	struct outputs outputs;
	unsigned long refused; /* of our own records: none, unless there is a fault in us */
};

/* Before anything is run; asked: without text and json.  0, or -1 after a message. */
int recorded_open(struct recorded *r, const struct formats *asked, enum output_color color);

/* One record, a line with its end; ctx is the struct recorded. */
void recorded_take(void *ctx, const char *line, size_t len);

/* What no record tells of. */
struct recorded_gaps {
	unsigned long lost, unseen; /* records; processes */
	unsigned running;	    /* processes that go on */
	int min_severity;	    /* enum fdf_level; the records have the rest, too */
	char *filters;		    /* filter_text(), which they have passed */
	const char *environment;    /* what keeps something there though nobody asked */
};

/* What was found, by who shows it in words of its own. */
struct recorded_sums {
	unsigned long kept;
	unsigned long below, below_open; /* as in struct report */
};

/* Say what was left out of these sums: on stderr, in the words of the reports;
 * quiet: only that the environment has kept something. */
void recorded_remarks(const struct recorded_gaps *gaps, const struct recorded_sums *sums,
		      bool quiet);

/*
 * Nothing comes any more: write.  by: the subcommand; what: the command, or what else the reports are of, NULL behind
 * the last word.  0, or -1 after a message.
 */
int recorded_write(struct recorded *r, const char *by, char **what,
		   const struct recorded_gaps *gaps);

/* In any case; what was not written is left as it was. */
void recorded_close(struct recorded *r);

#endif
