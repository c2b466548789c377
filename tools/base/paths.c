/*
 * paths.c: where the shim, the profiles and commands lie.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/paths.h"

const char *paths_self(void)
{
	static char self[PATH_MAX];

	if (!self[0] && readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		self[0] = '\0';
	return self;
}

/* The first of DIR-OF-EXECUTABLE/name and DIR/name that can be read. */
static char *beside_or(const char *name, const char *dir)
{
	const char *self = paths_self(), *slash = strrchr(self, '/');
	char *path = NULL;

	if (slash)
		path = must_printf("%.*s/%s", (int)(slash - self), self, name);
	if (path && !access(path, R_OK))
		return path;
	free(path);
	path = must_printf("%s/%s", dir, name);
	if (!access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

char *paths_shim(void)
{
	return beside_or("libfdfence.so", FDFENCE_LIBDIR "/fdfence");
}

char *paths_profiles(void)
{
	return beside_or("profiles", FDFENCE_DATADIR "/fdfence");
}

char *paths_profile(const char *name)
{
	char *dir = paths_profiles();
	char *path = dir ? must_printf("%s/%s.rules", dir, name) : NULL;

	free(dir);
	if (path && !access(path, R_OK))
		return path;
	free(path);
	return NULL;
}

/* A regular file that may be executed, else errno. */
static char *executable(const char *path)
{
	struct stat st;

	if (stat(path, &st))
		return NULL;
	if (!S_ISREG(st.st_mode) || access(path, X_OK)) {
		errno = EACCES;
		return NULL;
	}
	return realpath(path, NULL);
}

char *paths_find(const char *name)
{
	const char *path = getenv("PATH"), *end;
	int err = ENOENT;

	if (strchr(name, '/'))
		return executable(name);
	if (!path)
		path = "/bin:/usr/bin"; /* as execvp(3) does */
	for (; *name; path = end + 1) {
		char *try, *found;

		end = strchrnul(path, ':');
		try = must_printf("%.*s%s%s", (int)(end - path), path, end > path ? "/" : "", name);
		found = executable(try);
		if (!found && errno == EACCES)
			err = EACCES;
		free(try);
		if (found)
			return found;
		if (!*end)
			break;
	}
	errno = err;
	return NULL;
}
