/*
 * policy.h: (facts, rules, intent) to a verdict with its reason.
 *
 * The one place that decides.  The shim, the tracer and the command call it, so
 * that the same descriptor gets the same verdict and reason whoever saw it.
 *
 * Pure: no allocation, nothing writable of its own, no system call.
 */
#ifndef FDF_POLICY_H
#define FDF_POLICY_H

#include "preload/core/intent.h"
#include "preload/core/rules.h"

struct fdf_policy {
	uint8_t verdict; /* enum fdf_verdict for what nobody meant; FDF_SEAL by default */
	uint8_t intent;	 /* enum fdf_member: the members that count */
	uint8_t needs;	 /* FDF_HAVE_* that the rules ask of every descriptor */
	int nrules;
	struct fdf_str keep; /* RANGES of the setting `keep`; judged before the rules */
	const struct fdf_rule *rules;
};

/* What decided.  The names are part of the record format. */
enum fdf_reason {
	FDF_BY_DEFAULT, /* nobody meant it */
	FDF_BY_STDIO,	/* 0, 1, 2 */
	FDF_BY_KEEP,	/* the setting `keep` */
	FDF_BY_RULE,	/* a rule; by = its text, why = its comment */
	FDF_BY_GIVEN,
	FDF_BY_IMAGE, /* by = why */
	FDF_BY_ACT, /* by = "close-on-exec cleared", "spawn file action", "dup2 in the child" ... */
	FDF_BY_PRECISE, /* by = the name */
	FDF_BY_GENERIC,
	FDF_BY_CLOEXEC, /* was close-on-exec already: no leak; FDF_SEAL */
	FDF_BY_PAIR,	/* by = what names the number */
	FDF_REASONS
};

struct fdf_decision {
	uint8_t verdict;    /* enum fdf_verdict, never FDF_NONE */
	uint8_t reason;	    /* enum fdf_reason */
	struct fdf_str by;  /* what decided, in its own words; may be empty */
	struct fdf_str why; /* a rule's comment; or, with FDF_BY_DEFAULT, who asked in vain
			     * ("--status-fd asked, but a generic convention excuses no listening
			     * socket") */
	struct fdf_str
		asked; /* FDF_BY_DEFAULT: the convention that named it in vain; empty: none */
};

/*
 * Judge one descriptor.  d->have must cover p->needs, and FDF_HAVE_TYPE |
 * FDF_HAVE_STATUS | FDF_HAVE_SOCK | FDF_HAVE_PUBLIC when fdf_policy_asks() says so for this
 * number; what is missing counts as "does not match", never as meant.
 */
struct fdf_decision fdf_decide(const struct fdf_policy *p, const struct fdf_exec *x,
			       const struct fdf_intent *in, const struct fdf_fd *d);

/* FDF_HAVE_* that judging number fd needs: p->needs and those of the conventions that name it. */
unsigned fdf_policy_asks(const struct fdf_policy *p, const struct fdf_intent *in, int fd);

/*
 * True if a descriptor that carries no sign and that no convention, rule or
 * setting names by number gets FDF_SEAL whatever it is, so that nobody needs
 * to look at it.
 */
bool fdf_policy_seals_unseen(const struct fdf_policy *p, const struct fdf_intent *in);

/* The largest number that the setting keep, a convention or a rule's fd= names; -1: none; INT_MAX:
 * no bound. */
int fdf_policy_last(const struct fdf_policy *p, const struct fdf_intent *in);

const char *fdf_reason_name(enum fdf_reason r); /* "default" "stdio" "keep" "rule" "given" "image"
						   "act" "precise" "generic" "close-on-exec" */

#endif
