/*
 * exactly.h: is one number named exactly, by a word or a variable that says nothing else?
 *
 * A number among the arguments is most often a count, so that this alone is no sign; it is asked
 * of descriptors that carry FDF_SIGN_PAIR.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_EXACTLY_H
#define FDF_EXACTLY_H

#include "preload/core/facts.h"

/* Remember a variable ("NAME=VALUE") of the environment that the image started with. */
void fdf_before_note(struct fdf_before *b, const char *variable);

/*
 * Is fd a whole argument behind the first, N of --option=N or --option=N,..., or the whole value of
 * a variable that did not have it when the image started?  Then *by is what names it.  A variable
 * whose name a client may choose counts for nothing, and none does where x->before is not known.
 */
bool fdf_named_exactly(const struct fdf_exec *x, int fd, struct fdf_str *by);

#endif
