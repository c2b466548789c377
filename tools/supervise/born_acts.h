/*
 * born_acts.h: what the processes of one image did to descriptors on purpose.  Under the lock of born.c.
 */
#ifndef FDF_BORN_ACTS_H
#define FDF_BORN_ACTS_H

#include <stddef.h>
#include <sys/types.h>

#include "tools/supervise/born.h"

/* All zero at first. */
struct born_acts {
	void *tree; /* of search.h, struct act by process and number */
	size_t n, sweep_at;
	int end; /* no act is of this number, or of a larger one */
};

/* pid 0: it holds for all processes of the image.  A second one of the same file and number takes its place. */
void born_acts_add(struct born_acts *a, pid_t pid, unsigned sign, const struct born_fd *f);

/* The signs that f carries in process pid. */
unsigned born_acts_signs(const struct born_acts *a, pid_t pid, const struct born_fd *f);

/* ... by what any process of the image did up to that clock tick since boot. */
unsigned born_acts_before(const struct born_acts *a, unsigned long long tick,
			  const struct born_fd *f);

/* Forget what process pid alone did; all. */
void born_acts_drop(struct born_acts *a, pid_t pid);
void born_acts_clear(struct born_acts *a);

#endif
