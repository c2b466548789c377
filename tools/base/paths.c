/*
 * paths.c: where the shim, the profiles and commands lie.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/paths.h"

/* Where /proc is not mounted: the name that was executed. */
static void self_by_name(char self[PATH_MAX])
{
	const char *name = (const char *)getauxval(AT_EXECFN);

	if (!name || !realpath(name, self))
		self[0] = '\0';
}

const char *paths_self(void)
{
	static char self[PATH_MAX];

	if (!self[0] && readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		self_by_name(self);
	return self;
}

/*
 * Seen from the directory of the executable: first as things lie in the build
 * directory, then as `make install` lays them.  No prefix is compiled in, so that
 * any PREFIX will do and a tree may be staged, packed and moved.
 */
static const char *const shims[] = {
	"libfdfence.so",
	"../lib/" MULTIARCH "/fdfence/libfdfence.so", /* Debian's LIBDIR */
	"../lib64/fdfence/libfdfence.so",	      /* Fedora's */
	"../lib/fdfence/libfdfence.so",
	NULL,
};
static const char *const origins[] = {
	"libfdfence-origins.so",
	"../lib/" MULTIARCH "/fdfence/libfdfence-origins.so",
	"../lib64/fdfence/libfdfence-origins.so",
	"../lib/fdfence/libfdfence-origins.so",
	NULL,
};
static const char *const profiles[] = { "profiles", "../share/fdfence/profiles", NULL };
static const char a_profile[] = "default.rules"; /* is in each of them */

static bool is_file(const char *path)
{
	struct stat st;

	return !access(path, R_OK) && !stat(path, &st) && S_ISREG(st.st_mode);
}

static bool has_profiles(const char *path)
{
	char *file = must_printf("%s/%s", path, a_profile);
	bool has = is_file(file);

	free(file);
	return has;
}

/*
 * The first that is ours, without "..": ld.so and people are shown it.  Others' programs lie
 * beside the executable too: Samba's /usr/bin/profiles is one.
 */
static char *beside(const char *const *names, bool (*is_ours)(const char *path))
{
	const char *self = paths_self(), *slash = strrchr(self, '/');
	char *path, *found = NULL;

	for (; slash && *names && !found; names++) {
		path = must_printf("%.*s/%s", (int)(slash - self), self, *names);
		if (is_ours(path))
			found = realpath(path, NULL);
		free(path);
	}
	return found;
}

char *paths_shim(void)
{
	return beside(shims, is_file);
}

char *paths_origins(void)
{
	return beside(origins, is_file);
}

char *paths_profiles(void)
{
	return beside(profiles, has_profiles);
}

char *paths_profile(const char *name)
{
	char *dir = paths_profiles();
	char *path = dir ? must_printf("%s/%s.rules", dir, name) : NULL;

	free(dir);
	if (path && is_file(path))
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
