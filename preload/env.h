/*
 * env.h: the environment of the next image: the fence put back, the handover set.
 *
 * Pure but for *f; async-signal-safe.
 */
#ifndef FDF_ENV_H
#define FDF_ENV_H

#include "fence.h"
#include "handover.h"

#define FDF_STACK_ENV 2048 /* bytes of it that may lie on the stack */

struct fdf_env {
	size_t slots; /* pointers that fdf_env_build() needs */
	size_t bytes; /* and bytes of text */
	bool ready;   /* nothing is missing but the handover */
};

/* How much room the environment for this envp takes. */
struct fdf_env fdf_env_plan(const struct fdf_fence *f, char *const *envp);

/*
 * Fill slots[] and text with envp, the variables that it lacks, and `handover` in the place of
 * FDFENCE_STATE.  The strings stay where they are.
 */
void fdf_env_build(const struct fdf_fence *f, char *const *envp, char **slots, char *text,
		   char *handover);

#endif
