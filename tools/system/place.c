/*
 * place.c: a file of the system, replaced whole or not at all.
 *
 * A crash at any moment leaves the old file or the new one: the text is on the disk
 * before it has the name, and the name before anybody is told.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/list.h"
#include "tools/system/place.h"

#define LABEL "security.selinux"

static int fail(const char *path)
{
	say("%s: %s", path, strerror(errno));
	return -1;
}

/* A file that is immutable, or that something is mounted on, stays where it is. */
static int fail_to_replace(const char *path)
{
	if (errno == EPERM)
		say("%s: cannot be replaced or removed: %s: is it immutable (lsattr %s)? Then "
		    "chattr -ia %s",
		    path, strerror(errno), path, path);
	else
		say("%s: cannot be replaced or removed: %s", path, strerror(errno));
	return -1;
}

int place_sync_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	char *dir = must_printf("%.*s", slash == path ? 1 : (int)(slash - path), path);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int r = fd < 0 || fsync(fd) ? fail(dir) : 0;

	if (fd >= 0)
		close(fd);
	free(dir);
	return r;
}

/* The text of fd, which is a file of at most PRELOAD_MAX bytes. */
static int read_text(struct place *p, int fd)
{
	ssize_t n;

	if (fstat(fd, &p->was))
		return fail(p->path);
	if (!S_ISREG(p->was.st_mode) || p->was.st_size > PRELOAD_MAX) {
		say("%s: expected a file of at most %d bytes; nothing was changed", p->path,
		    PRELOAD_MAX);
		return -1;
	}
	free(p->text);
	p->text = must_alloc(PRELOAD_MAX + 1);
	while ((n = read(fd, p->text + p->len, PRELOAD_MAX - p->len)) > 0)
		p->len += (size_t)n;
	return n < 0 ? fail(p->path) : 0;
}

/* Not on a folder, which anybody could lock.  A system that does not run has no /run. */
void place_lock(void)
{
	int fd = open("/run/fdfence.lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);

	if (fd >= 0)
		flock(fd, LOCK_EX);
}

int place_open(struct place *p, const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), r = 0;

	*p = (struct place){ .path = path, .there = fd >= 0, .text = must_dup("") };
	if (fd < 0 && errno == ELOOP) {
		say("%s: is a symbolic link: what it leads to has to be edited by hand", path);
		r = -1;
	} else if (fd < 0 && errno != ENOENT) {
		r = fail(path);
	} else if (fd >= 0) {
		r = read_text(p, fd);
		close(fd);
	}
	if (r)
		place_close(p);
	return r;
}

int place_unopened(const char *path)
{
	return errno == ENOENT ? 0 : fail(path);
}

void place_for_all(struct place *p)
{
	p->was.st_uid = p->was.st_gid = 0;
	p->was.st_mode = 0644;
}

void place_close(struct place *p)
{
	free(p->text);
	p->text = NULL;
}

/* What the old file has beside its text. */
static int dress(const struct place *p, int fd)
{
	char label[256];
	ssize_t n = p->there ? lgetxattr(p->path, LABEL, label, sizeof(label)) : -1;

	if (fchown(fd, p->there ? p->was.st_uid : 0, p->there ? p->was.st_gid : 0) ||
	    fchmod(fd, p->there ? p->was.st_mode & 07777 : 0644))
		return -1;
	return n > 0 ? fsetxattr(fd, LABEL, label, (size_t)n, 0) : 0;
}

static int fill(const struct place *p, int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len) {
		n = write(fd, text, len);
		if (n < 0)
			return -1;
		text += n;
		len -= (size_t)n;
	}
	return dress(p, fd) || fsync(fd);
}

int place_put(const struct place *p, const char *text, size_t len, bool remove_empty)
{
	const char *slash = strrchr(p->path, '/');
	char *beside;
	int fd, r;

	if (!len && remove_empty) {
		if (p->there && unlink(p->path))
			return fail_to_replace(p->path);
		return place_sync_name(p->path);
	}
	/* One name, because of place_lock(): what a crash has left is taken away. */
	beside = must_printf("%.*s/.%s.fdfence", (int)(slash - p->path), p->path, slash + 1);
	unlink(beside);
	fd = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	r = fd < 0 || fill(p, fd, text, len);
	if (r)
		say("%s: %s; %s is as it was", beside, strerror(errno), p->path);
	else if (rename(beside, p->path))
		r = fail_to_replace(p->path);
	else
		place_sync_name(p->path); /* the new text is there all the same */
	if (r)
		unlink(beside);
	if (fd >= 0)
		close(fd);
	free(beside);
	return r ? -1 : 0;
}

int place_disable(char **name)
{
	struct place p;
	const char *own;
	size_t n, len;
	char *rest;
	int r = 0;

	*name = NULL;
	if (place_open(&p, PRELOAD_FILE))
		return -1;
	own = list_own(p.text, p.len, &n);
	if (own) {
		rest = must_alloc(p.len + 1);
		len = list_without(p.text, p.len, rest);
		r = place_put(&p, rest, len, true);
		free(rest);
	}
	if (own && !r)
		*name = must_printf("%.*s", (int)n, own);
	place_close(&p);
	return r;
}
