/*
 * aside.h: a file that is written anew as a whole: beside it, then renamed, so that nobody ever
 * reads half of it.  Regular files alone: a device, a pipe or a folder is never replaced.
 */
#ifndef FDF_ASIDE_H
#define FDF_ASIDE_H

#include <stdio.h>

#include "tools/base/target.h"

struct aside {
	FILE *file;
	char *path, *temp; /* temp: NULL, as long as it has no name (O_TMPFILE) */
	int folder;	   /* of temp */
	enum target_link link;
};

/*
 * Mode, owner and group are those of what is at path, as far as we may: where the group cannot be
 * kept it may do what all may.  A new file is 0666 without the umask.
 * Nothing is replaced that target_look() refuses, then and at the end.
 * NULL, or what is wrong in words; then nothing is open.
 */
const char *aside_open(struct aside *a, const char *path, enum target_link link);

/* All that was written is at path now.  NULL, or what is wrong; then what was there stands. */
const char *aside_close(struct aside *a);

/* What was written goes; what was there stands. */
void aside_abandon(struct aside *a);

#endif
