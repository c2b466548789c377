/* fdpath.c: see fdpath.h. */
#include "preload/core/facts.h"
#include "preload/core/fdpath.h"

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
	fd = (int)fdf_take_number(&(const char *){ p });
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
	if (!p || *p < '0' || *p > '9')
		return -1;
	fd = (int)fdf_take_number(&p);
	return *p == '/' ? fd : -1;
}
