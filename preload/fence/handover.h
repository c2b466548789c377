/*
 * handover.h: what a fenced parent tells the image that it starts, in the
 * variable FDFENCE_STATE=PID.HASH.DROPPED.WARNED.GIVEN.
 *
 * It holds only in the process PID and for the file whose name hashes to HASH
 * (as AT_EXECFN has it): behind a program that the fence does not cover it is
 * stale, and is then ignored.  GIVEN 0 says that the image gets nothing above
 * 2, so that its start costs no look at the table.
 */
#ifndef FDF_HANDOVER_H
#define FDF_HANDOVER_H

#include "preload/fence/fence.h"

#define FDF_HANDOVER	 "FDFENCE_STATE="
#define FDF_HANDOVER_LEN 72 /* bytes, NUL included */

/* state: the variable, or NULL.  Sets given, dropped and warned.  At load only. */
void fdf_handover_read(struct fdf_fence *f, const char *state);

/* From now on it says nothing: it is left in the environment of this image.  At load only. */
void fdf_handover_spoil(char *state);

/*
 * Write the variable for an exec of (dirfd, path) by process pid.
 * Async-signal-safe.
 */
void fdf_handover_write(const struct fdf_fence *f, char buf[FDF_HANDOVER_LEN], int pid, int dirfd,
			const char *path, bool given);

#endif
