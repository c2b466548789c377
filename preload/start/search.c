/*
 * search.c: execvp's way through PATH, by the rules of the libc at hand, and its shell for scripts
 * without "#!".  Runs in vfork children.
 */
#include <errno.h>
#include <linux/limits.h>
#include <unistd.h>

#include "preload/raw/sys.h"
#include "preload/raw/libc.h"
#include "preload/start/exec.h"

static size_t bounded_len(const char *s, size_t max)
{
	size_t n = 0;

	while (n < max && s[n])
		n++;
	return n;
}

static const char *path_list(bool glibc)
{
	for (char **e = &environ ? environ : NULL; e && *e; e++) {
		const char *s = *e;

		if (s[0] == 'P' && s[1] == 'A' && s[2] == 'T' && s[3] == 'H' && s[4] == '=')
			return s + 5;
	}
	return glibc ? "/bin:/usr/bin"
		     : "/usr/local/bin:/bin:/usr/bin"; /* confstr(_CS_PATH); musl's execvp.c */
}

/* Errors behind which the search goes on; EACCES is remembered. */
static bool goes_on(int r, bool glibc)
{
	switch (-r) {
	case EACCES:
	case ENOENT:
	case ENOTDIR:
		return true;
	case ESTALE:
	case ENODEV:
	case ETIMEDOUT:
		return glibc;
	}
	return false;
}

int fdf_search(const char *file, int (*try)(void *arg, const char *path), void *arg)
{
	bool glibc = fdf_fence ? fdf_fence->glibc : true, denied = false;
	const char *p = path_list(glibc);
	size_t file_len = bounded_len(file, NAME_MAX + 1),
	       path_len = bounded_len(p, PATH_MAX - 1) + 1;
	int r = -ENOENT;

	if (!file_len)
		return r;
	for (size_t i = 0; file[i]; i++)
		if (file[i] == '/')
			return try(arg, file);
	/* glibc tries the name, cut behind NAME_MAX: it depends on the directories what that says */
	if (file_len > NAME_MAX && !glibc)
		return -ENAMETOOLONG;
	char buf[path_len + file_len + 1];

	for (;; p++) {
		size_t n = 0;

		while (p[n] && p[n] != ':')
			n++;
		if (n < path_len) {
			size_t k = 0;

			for (; k < n; k++)
				buf[k] = p[k];
			if (n)
				buf[k++] = '/';
			for (size_t i = 0; i < file_len; i++)
				buf[k + i] = file[i];
			buf[k + file_len] = 0;
			r = try(arg, buf);
			if (!goes_on(r, glibc))
				return r;
			denied |= r == -EACCES;
		}
		p += n;
		if (!*p)
			return denied ? -EACCES : r;
	}
}

size_t fdf_argc(char *const *argv)
{
	size_t n = 0;

	while (argv && argv[n])
		n++;
	return n;
}

void fdf_shell_argv(char **out, const char *path, char *const *argv)
{
	size_t n = fdf_argc(argv);

	*out++ = (char *)"/bin/sh";
	*out++ = (char *)path;
	for (size_t i = 1; i < n; i++)
		*out++ = argv[i];
	*out = NULL;
}

struct search {
	const struct fdf_call *call;
	bool to_shell;
};

static int through_shell(const struct fdf_call *c)
{
	char *argv[fdf_argc(c->argv) + 3];
	struct fdf_call sh = *c;

	fdf_shell_argv(argv, c->path, c->argv);
	sh.path = "/bin/sh";
	sh.argv = argv;
	return fdf_exec(&sh);
}

static int candidate(void *arg, const char *path)
{
	const struct search *s = arg;
	struct fdf_call c = *s->call;
	int r;

	c.path = path;
	/* a miss need not be sealed: the kernel would say the same */
	r = (int)SYS3(__NR_faccessat, AT_FDCWD, path, F_OK);
	if (r == -ENOENT || r == -ENOTDIR)
		return r;
	r = fdf_exec(&c);
	return r == -ENOEXEC && s->to_shell ? through_shell(&c) : r;
}

int fdf_exec_search(const struct fdf_call *c, bool to_shell)
{
	struct search s = { c, to_shell };

	return fdf_search(c->path, candidate, &s);
}
