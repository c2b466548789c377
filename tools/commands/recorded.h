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
};

/*
 * Nothing comes any more: write.  what: the command, or what else the reports are of, NULL behind
 * the last word.  0, or -1 after a message.
 */
int recorded_write(struct recorded *r, char **what, const struct recorded_gaps *gaps);

/* In any case; what was not written is left as it was. */
void recorded_close(struct recorded *r);

#endif
