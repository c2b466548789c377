/*
 * env.h: the environment of the next image: the fence put back, the handover set.
 *
 * Pure but for *f; async-signal-safe.
 */
#ifndef FDF_ENV_H
#define FDF_ENV_H

#include "preload/fence/handover.h"
#include "preload/judge/scratch.h"

#define FDF_STACK_ENV 2048 /* bytes of it that may lie on the stack */

struct fdf_env {
	size_t slots; /* pointers that fdf_env_build() needs */
	size_t len;   /* bytes, with those pointers */
	bool ready;   /* nothing is missing but the handover */
};

/* How much room the environment for this envp takes. */
struct fdf_env fdf_env_plan(const struct fdf_fence *f, char *const *envp);

/*
 * Scratch memory into *scratch, if the judgement or the environment needs it; NULL: there is none.
 * Returns where to build the environment; NULL: on the stack if that has room for it, else nowhere.
 */
char **fdf_env_place(struct fdf_fence *f, const struct fdf_env *plan, struct fdf_scratch **scratch);

/*
 * Fill place with envp, the variables that it lacks, and `handover` in the place of FDFENCE_STATE.
 * The strings stay where they are.  Returns place; envp if that is NULL, and counts it if what
 * comes is not covered then.
 */
char *const *fdf_env_build(struct fdf_fence *f, char *const *envp, const struct fdf_env *plan,
			   char **place, char *handover);

/* An image starts with the caller's own environment: counts it if it is not covered then. */
void fdf_env_unchanged(struct fdf_fence *f, const struct fdf_env *plan);

#endif
