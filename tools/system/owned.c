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
	    "for every program; it has user %u and mode %04o: look at what is in it, then chown "
	    "root "
	    "%s && chmod go-w %s",
	    path, st.st_uid, st.st_mode & 07777, path, path);
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

static int readable(const char *path)
{
	const mode_t all = S_IRUSR | S_IRGRP | S_IROTH;
	struct stat st;

	if (!stat(path, &st) && (st.st_mode & all) == all)
		return 0;
	say("%s: expected a file that every program may read, since it does not count for one that "
	    "may not; it has mode %04o: chmod 644 %s",
	    path, st.st_mode & 07777, path);
	return -1;
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

int owned_for_all(const char *path)
{
	return owned_by_root(path) || readable(path) ? -1 : 0;
}
