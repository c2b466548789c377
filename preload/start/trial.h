/* trial.h: does anybody take a program that is neither ELF nor a script? */
#ifndef FDF_TRIAL_H
#define FDF_TRIAL_H

#include "preload/judge/judge.h"

/*
 * The negative errno with which the exec of c's file fails, or 0 if somebody (binfmt_misc) takes it
 * or nothing tells.  Only for a file of which the kernel's own formats take no program: it would be
 * run.  Takes about a millisecond where the stack is limited to 8 MiB.  Async-signal-safe.
 */
int fdf_trial(const struct fdf_call *c);

/*
 * Do the strings of c and envp fit?  True too where the kernel's room is not known.
 * Async-signal-safe.
 */
bool fdf_fits(const struct fdf_call *c, char *const *envp);

/* Is there less room than an exec has at least, since the stack is limited?  Async-signal-safe. */
bool fdf_stack_is_small(void);

#endif
