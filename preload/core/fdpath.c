/* fdpath.c: see fdpath.h. */
#include "preload/core/facts.h"
#include "preload/core/fdpath.h"

/* The number at p, *end behind its digits; -1: none that a descriptor has. */
static int number(const char *p, const char **end)
{
	uint32_t n;

	*end = p;
	n = fdf_take_number(end);
	return *end == p || n > INT32_MAX ? -1 : (int)n;
}

int fdf_path_fd(const char *path)
{
	const char *end = path, *p;
	int fd;

	while (*end)
		end++;
	for (p = end; p > path && p[-1] >= '0' && p[-1] <= '9'; p--)
		;
	if (*path != '/' || p == end || p[-1] != '/')
		return -1;
	fd = number(p, &end);
	while (p - path > 1 && (p[-1] == '/' || (p[-1] == '.' && p[-2] == '/')))
		p--;
	return p - path > 3 && p[-1] == 'd' && p[-2] == 'f' && p[-3] == '/' ? fd : -1;
}

/* What stands behind a component of a path that is called name, at the slash; NULL: it is not. */
static const char *behind(const char *path, const char *name)
{
	while (*path == '/' || (*path == '.' && path[1] == '/'))
		path++;
	while (*name && *path == *name) {
		path++;
		name++;
	}
	return *name || *path != '/' ? NULL : path;
}

int fdf_path_within(const char *path, int pid)
{
	char own[11], *digit = own + sizeof own - 1;
	const char *p = *path == '/' ? behind(path, "proc") : NULL, *q;
	int fd;

	*digit = 0;
	for (; pid > 0; pid /= 10)
		*--digit = (char)('0' + pid % 10);
	if (p && !(q = behind(p, "self")) && !(q = behind(p, "thread-self")))
		q = behind(p, digit);
	p = p ? q : *path == '/' ? behind(path, "dev") : NULL;
	p = p ? behind(p, "fd") : NULL;
	while (p && (*p == '/' || (*p == '.' && p[1] == '/')))
		p++;
	fd = p ? number(p, &p) : -1;
	return fd >= 0 && *p == '/' ? fd : -1;
}
