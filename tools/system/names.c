/*
 * names.c: a name in ld.so.preload(5), and the files that it stands for.
 */
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/names.h"

#define DOLLAR "$LIB"
#define USR    "/usr"
#define LIB    "lib" /* lib, lib64, lib32, and lib/x86_64-linux-gnu */

struct name {
	const char *front, *tail; /* around $LIB */
	int front_len, tail_len;
};

static bool split(const char *name, size_t n, struct name *to)
{
	const char *at = memmem(name, n, DOLLAR, strlen(DOLLAR));

	if (!at)
		return false;
	to->front = name;
	to->front_len = (int)(at - name);
	to->tail = at + strlen(DOLLAR);
	to->tail_len = (int)n - to->front_len - (int)strlen(DOLLAR);
	return true;
}

bool names_path(const char *name, size_t n, const char *path)
{
	size_t len = strlen(path), lib_len;
	const char *lib;
	struct name s;

	if (!split(name, n, &s))
		return len == n && !memcmp(name, path, n);
	if (len < n - strlen(DOLLAR) || memcmp(path, s.front, s.front_len) != 0 ||
	    memcmp(path + len - s.tail_len, s.tail, s.tail_len) != 0)
		return false;
	lib = path + s.front_len;
	lib_len = len - s.front_len - s.tail_len;
	if (lib_len < strlen(LIB) || memcmp(lib, LIB, strlen(LIB)) != 0)
		return false;
	if (lib_len > strlen(LIB) + 1 && lib[strlen(LIB)] == '/')
		return !memchr(lib + strlen(LIB) + 1, '/', lib_len - strlen(LIB) - 1);
	return !memchr(lib, '/', lib_len);
}

/* In a folder: FRONT/dir/ENTRY/TAIL, for each entry that begins with start. */
static bool any_in(const struct name *s, const char *dir, const char *start,
		   bool (*is)(const char *path, void *ctx), void *ctx)
{
	char *folder = must_printf("%.*s%s", s->front_len, s->front, dir), *path;
	DIR *d = opendir(folder);
	struct dirent *e;
	bool found = false;

	while (d && !found && (e = readdir(d))) {
		if (e->d_name[0] == '.' || strncmp(e->d_name, start, strlen(start)) != 0)
			continue;
		path = must_printf("%s%s%.*s", folder, e->d_name, s->tail_len, s->tail);
		found = !access(path, F_OK) && is(path, ctx);
		free(path);
	}
	if (d)
		closedir(d);
	free(folder);
	return found;
}

bool names_any(const char *name, size_t n, bool (*is)(const char *path, void *ctx), void *ctx)
{
	struct name s;
	char *path;
	bool found;

	if (split(name, n, &s))
		return any_in(&s, LIB "/", "", is, ctx) || any_in(&s, "", LIB, is, ctx);
	path = must_printf("%.*s", (int)n, name);
	found = !access(path, F_OK) && is(path, ctx);
	free(path);
	return found;
}

bool names_libc(const char *dir, bool (*is)(const char *path, void *ctx), void *ctx)
{
	char *path = must_printf("%s/libc.so.6", dir);
	bool found = is(path, ctx) ||
		     (!strncmp(path, USR "/", strlen(USR "/")) && is(path + strlen(USR), ctx));

	free(path);
	return found;
}
