/*
 * seal.h: marks close-on-exec what was not meant, exactly and so that it can be undone.
 *
 * Sealing never closes: a program may need its error pipe after an exec that
 * failed.  Only a private copy of the table is trimmed by closing, and that
 * copy goes away with its task.  Async-signal-safe.
 */
#ifndef FDF_SEAL_H
#define FDF_SEAL_H

#include "preload/judge/judge.h"

/*
 * Make the calling task's table its own and seal it.  keep_below: numbers up to this one stay open
 * whatever happens (sources of file actions); -1: none.  trim: what lies above all that needs a
 * look may be closed, and is not copied.  0, or -errno if the table could not be made private: then
 * nothing was done.
 */
int fdf_seal_private(struct fdf_judge *j, bool trim, int keep_below);

#define FDF_UNDO_SMALL 256

/* Which descriptors an exec would inherit: those that are sealed in place, to be undone. */
struct fdf_undo {
	unsigned long small[FDF_UNDO_SMALL / (8 * sizeof(long))];
	unsigned long *bits; /* small, or a mapping of FDF_ACT_FDS bits */
	int last;	     /* the highest; -1: there is none */
	bool maps;	     /* a mapping may be made: a vfork child would leave it to its parent */
	bool missed;	     /* the bits did not suffice */
};

/* Fill in *u.  count: fdf_tab_count().  False if descriptors might have been missed. */
bool fdf_undo_note(struct fdf_undo *u, unsigned count, bool maps);

/* Seal the caller's own table.  shared: other tasks may have it too, and must keep theirs. */
void fdf_seal_in_place(struct fdf_judge *j, struct fdf_undo *u, bool shared);
void fdf_unseal(struct fdf_undo *u);

/* Is this task alone with its table, as far as can be known? */
bool fdf_alone(const struct fdf_fence *f, int pid);

#endif
