/*
 * predict.h: will this exec succeed?  Asked before anything is touched, since what is sealed for an
 * exec that then fails cannot always be undone: nothing gives a thread the table back that it
 * shared.
 */
#ifndef FDF_PREDICT_H
#define FDF_PREDICT_H

#include "preload/judge/judge.h"

/*
 * The negative errno with which the exec of c with the environment envp would fail; 0 if it will
 * succeed, or if nothing tells that it will not: a file that may be run but not read, a program for
 * another kind of machine that the kernel may support, no descriptor and no child left to read it with.
 * *script: it is one, or may be.
 *
 * What may still fail behind a 0, all of it seldom: a file that changes in this microsecond, a
 * security module or a tracer that refuses late, memory that runs out.  Async-signal-safe; uses
 * about 2 KiB of stack.
 */
int fdf_predict(struct fdf_fence *f, const struct fdf_call *c, char *const *envp, bool *script);

#endif
