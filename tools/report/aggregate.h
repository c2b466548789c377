/*
 * aggregate.h: records to causes: who leaked what into whom, and how often.
 *
 * An exec counts when it is known to have happened: its "exec" record is held
 * until "start" of the same process follows (it happened), "failed" (it did
 * not), the next exec of that process, or the end (it went into an image that
 * the fence does not cover, or the process was killed in between).
 */
#ifndef FDF_AGGREGATE_H
#define FDF_AGGREGATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "preload/core/policy.h"
#include "tools/report/causes.h"
#include "tools/report/uncovered.h"

struct report {
	char **cmd;
	int status; /* exit status of CMD, 128+n after a signal */
	bool sealed;
	unsigned long execs, leaks; /* leaks: without those from outside */
	struct cause **causes;	    /* the worst first */
	size_t ncauses;
	struct cause **outside;
	size_t noutside;
	struct cause **kept; /* what weak reasons excuse */
	size_t nkept;
	const char *
		environment; /* what keeps something though nobody asked; NULL: none; set by the caller */
	const char *filters; /* filter_text(); NULL: nothing is filtered; set by the caller */
	char **unused; /* "FILE:LINE: RULE", NULL behind the last; set by the caller, who frees */
	unsigned long kept_not_listed; /* beyond CAUSES_MAX causes */
	unsigned running;	       /* processes when the report was made; set by the caller */
	bool running_more;	       /* ... at least; set by the caller */
	bool waited;		       /* for all below CMD (--wait); set by the caller */
	const char *by;		       /* the subcommand; set by the caller */
	struct uncovered **uncovered;
	size_t nuncovered;
	enum fdf_level min;	   /* select_severity() was called with it */
	size_t known;		   /* causes that a baseline has; not in causes */
	unsigned long known_leaks; /* ... and their leaks; not in leaks */
	const char *
		allowed; /* the option by which causes are no failure; NULL: they are; set by the caller */
	const char *baseline; /* its file; NULL: compared with none */
	char **gone; /* lines of it that no cause fits, NULL behind the last; set by the caller */
	unsigned long below;	   /* leaks less severe than that; not in leaks */
	unsigned long below_open;  /* ... of which not all is known */
	bool compared;		   /* select_new() was called */
	unsigned long lost_causes; /* leaks beyond CAUSES_MAX causes; in leaks, unless compared */
	unsigned long lost_of[FDF_LEVELS][LEAK_OUTCOMES]; /* ... which of them */
	unsigned long dropped;	 /* records that their senders gave up on */
	bool lost;		 /* aggregate_lost() was called */
	bool unsupervised;	 /* the supervisor was killed; set by the caller */
	unsigned long broken;	 /* datagrams that were no record */
	unsigned long refused;	 /* datagrams that were cut short; set by the caller */
	unsigned long foreign;	 /* datagrams not from below CMD; set by the caller */
	unsigned long more;	 /* descriptors that did not fit into their record */
	unsigned long inexact;	 /* execs where sealing was not exact */
	bool recorded;		 /* from files, not of CMD: merge.h */
	unsigned long snapshots; /* looks at live processes in them */
	unsigned long unseen;	 /* processes that could not be looked at, or not in full */
	unsigned long skipped;	 /* lines of them; set by the caller */
	char *inexact_why;	 /* the first reason */
};

/*
 * Fill its lists, sorted.  known (NULL: nothing is) says which causes are.  They are freed with
 * report_free(), what is in them with the causes.
 */
void report_list(struct report *r, const struct causes *causes, const struct causes *kept,
		 const struct uncovereds *uncovered,
		 bool (*known)(void *ctx, const struct cause *c), void *ctx);
void report_free(struct report *r);

struct aggregate;

struct aggregate *aggregate_new(void);
void aggregate_free(struct aggregate *a);

/*
 * What was asked for: what other rules and numbers keep is told as kept for a weak
 * reason.  It has to stay; without it all are ours.
 */
void aggregate_policy(struct aggregate *a, const struct fdf_policy *policy);

/* Every exec is looked at from outside: what goes uncovered has a record that says so. */
void aggregate_supervised(struct aggregate *a);

/* A supervisor above this fdfence looks at what the library does not reach, and tells others. */
void aggregate_joins(struct aggregate *a);

/* A collect_take: ctx is the struct aggregate. */
void aggregate_take(void *ctx, pid_t pid, const char *line, size_t len);

/* So far; may be called from another thread. */
unsigned long aggregate_execs(const struct aggregate *a);
unsigned long aggregate_leaks(const struct aggregate *a);

/* Processes that are between exec and start and still live. */
unsigned aggregate_waiting(const struct aggregate *a);

/* A program whose records did not get here, and the errno for which it could not send them. */
void aggregate_lost(struct aggregate *a, const char *exe, int error);

/* Did this rule decide about any descriptor?  text as the record has it after rec_unescape(). */
bool aggregate_used(const struct aggregate *a, const char *rule);

/*
 * Settle what is still open and sort.  known (NULL: nothing is) says which causes are; each is one
 * descriptor's then, not yet folded to a directory.  Valid until aggregate_free().
 */
struct report *aggregate_finish(struct aggregate *a,
				bool (*known)(void *ctx, const struct cause *c), void *ctx);

#endif
