/*
 * seal.h: marks close-on-exec what was not meant, exactly.
 *
 * Sealing never closes: a program may need its error pipe after an exec that
 * failed.  Only a spawn child's private copy of the table is trimmed by closing,
 * and that copy goes away with it.  Async-signal-safe.
 */
#ifndef FDF_SEAL_H
#define FDF_SEAL_H

#include "preload/judge/judge.h"

/*
 * Has this process but one thread, no worker of io_uring and nobody else who has its table?  False
 * where the kernel does not tell.
 */
bool fdf_seal_is_alone(const struct fdf_fence *f);

/*
 * Is there nothing to seal, nothing to say, and nothing to put back if the exec fails?  Asked of a
 * task that is alone: only a signal handler can open something between this look and the exec.
 */
bool fdf_seal_is_idle(const struct fdf_fence *f);

/*
 * Make the calling task's table its own and seal it.  keep_below: numbers up to this one stay open
 * whatever happens (sources of file actions); -1: none.  trim: what lies above all that needs a
 * look may be closed, and is not copied.  0, or -errno if the table could not be made private: then
 * nothing was done.
 */
int fdf_seal_private(struct fdf_judge *j, bool trim, int keep_below);

/* A descriptor that would be inherited. */
struct fdf_was {
	int fd;
	uint64_t file;
};

#define FDF_UNDO_MAX 64 /* that an exec remembers */

/* What would be inherited before it was sealed, to undo that.  Start with was and max set. */
struct fdf_undo {
	struct fdf_was *was;
	int max;     /* places there: more descriptors in the table, and none is remembered */
	int n;	     /* remembered */
	bool missed; /* there may have been more */
	bool marked; /* something was sealed */
};

/*
 * Remember what would be inherited.  alone: fdf_seal_is_alone().  What was seen before: smallest:
 * fdf_tab_smallest(); open_below: all numbers below this one are open.
 */
void fdf_seal_note(struct fdf_undo *u, bool alone, bool smallest, int open_below);

/* Was this file, as fdf_tab_file() tells it, among them, for all that is remembered? */
bool fdf_seal_may_hold(const struct fdf_undo *u, uint64_t file);

/*
 * Seal the table of the calling thread for an exec of its own that will succeed: a table that others
 * share is left to them; u was noted.  0; or -EPERM if the policy refuses the exec: then nothing was
 * touched and the record is handed on.
 */
int fdf_seal_own(struct fdf_judge *j, struct fdf_undo *u, bool alone);

/* The same for a table that nobody shares, and that stays what it is; it notes by itself. */
int fdf_seal_in_place(struct fdf_judge *j, struct fdf_undo *u);

/* The last act before the exec: what a signal handler has opened meanwhile goes too. */
void fdf_seal_rest(const struct fdf_judge *j);

/* Put back what is remembered, where the number is still the same file. */
void fdf_unseal(const struct fdf_undo *u);

/* An exec failed: what fdf_unseal() cannot put back is said in j->inexact. */
void fdf_seal_failed(struct fdf_judge *j, const struct fdf_undo *u);

#endif
