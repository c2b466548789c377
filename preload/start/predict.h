/*
 * predict.h: will this exec succeed?  Asked before anything is touched, since what is sealed for an
 * exec that then fails cannot always be undone: nothing gives a thread the table back that it
 * shared.
 */
#ifndef FDF_PREDICT_H
#define FDF_PREDICT_H

#include "preload/judge/judge.h"

/* The table of who wants the exec, as far as it is known. */
enum fdf_table {
	FDF_SHARED, /* by other tasks: nothing gives it back once it was left */
	FDF_LONE,
	FDF_FRESH, /* ... and made for this child of vfork(), which has done little since */
};

/* What is seen on the way. */
struct fdf_predicted {
	bool script;	/* it is one, or may be */
	bool smallest;	/* fdf_tab_smallest() said so */
	int open_below; /* all numbers below this one were open; 0: that was not seen */
	uint64_t file;	/* the program, as fdf_tab_file() tells it; 0: that was not asked */
};

/*
 * The negative errno with which the exec of c with the environment envp would fail; 0 if it will
 * succeed, or if nothing tells that it will not: a file that may be run but not read, a program for
 * another kind of machine that the kernel may support, no descriptor and no child left to read it with.
 *
 * What may still fail behind a 0, all of it seldom: a file that changes in this microsecond, a
 * security module or a tracer that refuses late, memory that runs out; and where the kernel looks at
 * the arguments first (allowed.h), a file that is open for writing, of somebody else's or where there
 * are no leases.  With a fresh table of the smallest size, in which all can be put back (FDF_UNDO_MAX),
 * nothing but the mode of the file is looked at, since the rest takes as long as all that the fence
 * does: any exec may fail there.
 *
 * Async-signal-safe; uses about 2 KiB of stack.
 */
int fdf_predict(struct fdf_fence *f, const struct fdf_call *c, char *const *envp,
		enum fdf_table table, struct fdf_predicted *seen);

#endif
