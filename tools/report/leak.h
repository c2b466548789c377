/*
 * leak.h: which descriptors of a record are leaks.
 */
#ifndef FDF_LEAK_H
#define FDF_LEAK_H

#include "preload/core/policy.h"
#include "tools/records/record_json.h"

/* Nobody meant it, and the new program gets it, or would without the fence. */
bool leak_is(const struct rec_fd *f);

/*
 * An exec that the policy denies fails, and what it would have leaked counts all the same.  The
 * tracer only watches: what a rule denies got through there, unless --kill ended the process.
 */
bool leak_is_refused(const struct rec *r, const struct rec_fd *f);

/* What became of a leak.  Of each the name is part of the formats, leak_outcome_name(). */
enum leak_outcome {
	LEAK_LEAKED,  /* the new program got it */
	LEAK_SEALED,  /* the fence closed it */
	LEAK_REFUSED, /* the policy let the exec fail */
	LEAK_WOULD,   /* of a live process: what it executes next would get it */
	LEAK_OUTCOMES
};

enum leak_outcome leak_outcome(const struct rec *r, const struct rec_fd *f);
const char *leak_outcome_name(enum leak_outcome o); /* "leaked" "sealed" "refused" "would-leak" */

/*
 * Would --log-what leaks have written this, too?  It writes of no starts, and a log may have begun so.
 */
bool leak_is_shown(const struct rec *r);

/* It was kept, by who judges and not by fdfence for its own command. */
bool leak_is_kept(const struct rec *r, const struct rec_fd *f);

/*
 * Kept for a weak reason, which says nothing of this very descriptor: it was given, the program is
 * of a kind that gets all, or a text looks like its number.
 */
bool leak_is_excused(const struct rec_fd *f);

/*
 * Kept by a setting that is not ours, the policy p (NULL: any may be): something below CMD wrote it
 * into the environment.
 */
bool leak_is_strange(const struct rec_fd *f, const struct fdf_policy *p);

#endif
