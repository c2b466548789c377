/*
 * owned.c: what counts for every program of a machine may be changed by root alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/system/owned.h"

static int owned(const char *path)
{
	struct stat st;

	if (stat(path, &st)) {
		say("%s: %s", path, strerror(errno));
		return -1;
	}
	if (st.st_uid == 0 && !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return 0;
	say("%s: expected root as its owner and nobody else who may write there, since it counts "
	    "for every program; it has user %u and mode %04o",
	    path, st.st_uid, st.st_mode & 07777);
	return -1;
}

static int owned_way(const char *path)
{
	char *part = must_dup(path), *slash;
	int r = owned(path);

	while (!r && (slash = strrchr(part, '/')) && part[1]) {
		slash[slash == part] = '\0';
		r = owned(part);
	}
	free(part);
	return r;
}

/* The way to a symbolic link, and that to what it leads to. */
int owned_by_root(const char *path)
{
	char *real = realpath(path, NULL);
	int r = owned_way(path);

	if (!r && real)
		r = owned_way(real);
	free(real);
	return r;
}
