/*
 * aside.c: a file that is written anew as a whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/aside.h"
#include "tools/base/base.h"
#include "tools/base/cleanup.h"

/* Is there something at path that is no regular file?  A link is what it names, if that exists. */
static const char *refusal(const char *path, struct stat *st)
{
	bool there = !stat(path, st) || !lstat(path, st);

	if (!there)
		st->st_mode = 0;
	return !there || S_ISREG(st->st_mode) || S_ISLNK(st->st_mode) ? NULL
								      : "it is not a regular file";
}

static int take_owner(int fd, const struct stat *old)
{
	mode_t mask = umask(0), mode;

	umask(mask);
	if (!S_ISREG(old->st_mode))
		return fchmod(fd, 0666 & ~mask);
	mode = old->st_mode & 0777;
	if (fchown(fd, old->st_uid, old->st_gid) && fchown(fd, (uid_t)-1, old->st_gid))
		mode &= ~(mode_t)070 | (mode & 07) << 3;
	return fchmod(fd, mode);
}

/* Of a descriptor of ours. */
static void link_of(char link[32], int fd)
{
	snprintf(link, 32, "/proc/self/fd/%d", fd);
}

/* In the folder of path, without a name: nothing is left of it whatever ends us.  -1: not here. */
static int open_nameless(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash ? must_printf("%.*s/", (int)(slash - path), path) : must_dup(".");
	int fd = open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	char link[32];

	free(folder);
	link_of(link, fd);
	if (fd < 0 || !access(link, F_OK))
		return fd;
	close(fd); /* without /proc it would never have one */
	return -1;
}

static int open_named(struct aside *a)
{
	int fd;

	a->temp = must_printf("%s.XXXXXX", a->path);
	fd = mkostemp(a->temp, O_CLOEXEC);
	if (fd >= 0) {
		cleanup_add(a->temp);
		return fd;
	}
	free(a->temp);
	a->temp = NULL;
	return -1;
}

/* linkat(2) replaces nothing: a name that was free a moment ago, for rename(2). */
static int give_name(struct aside *a)
{
	int fd = open_named(a);
	char link[32];

	if (fd < 0)
		return -1;
	close(fd);
	link_of(link, fileno(a->file));
	return unlink(a->temp) || linkat(AT_FDCWD, link, AT_FDCWD, a->temp, AT_SYMLINK_FOLLOW);
}

const char *aside_open(struct aside *a, const char *path)
{
	struct stat old;
	const char *wrong = refusal(path, &old);
	int fd, error;

	*a = (struct aside){ 0 };
	if (wrong)
		return wrong;
	a->path = must_dup(path);
	fd = open_nameless(path);
	if (fd < 0)
		fd = open_named(a);
	if (fd >= 0 && !take_owner(fd, &old))
		a->file = fdopen(fd, "w");
	if (a->file)
		return NULL;
	error = errno;
	if (fd >= 0)
		close(fd);
	aside_abandon(a);
	return strerror(error);
}

const char *aside_close(struct aside *a)
{
	const char *wrong = NULL;
	struct stat now;

	/* What a write could not get rid of is dropped: the last one may succeed all the same. */
	if (ferror(a->file) || fflush(a->file) || fsync(fileno(a->file)))
		wrong = strerror(errno ? errno : EIO);
	else if (!(wrong = refusal(a->path, &now)) &&
		 ((!a->temp && give_name(a)) || rename(a->temp, a->path)))
		wrong = strerror(errno);
	if (!wrong) { /* under its own name it stays */
		cleanup_drop(a->temp);
		free(a->temp);
		a->temp = NULL;
	}
	aside_abandon(a);
	return wrong;
}

void aside_abandon(struct aside *a)
{
	if (a->file)
		fclose(a->file);
	if (a->temp) {
		unlink(a->temp);
		cleanup_drop(a->temp);
	}
	free(a->temp);
	free(a->path);
	*a = (struct aside){ 0 };
}
