/*
 * target.c: see target.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/descriptor.h"
#include "tools/base/target.h"

#define LINKS_MAX 40 /* as the kernel follows: path_resolution(7) */
#ifndef ST_NOSYMFOLLOW
#define ST_NOSYMFOLLOW 0x2000 /* Linux 5.10 */
#endif

/* What of a path is still to be walked. */
struct way {
	char *text, *at;
	unsigned links;
	enum target_link last;
};

static bool others_write(const struct target *t)
{
	return t->is_foreign || t->where.st_mode & (S_ISVTX | S_IWOTH);
}

/* Has somebody whom we have no reason to trust put into the folder what belongs to owner? */
static bool is_foreign(const struct target *t, uid_t owner)
{
	return others_write(t) && owner != geteuid() && owner != 0 &&
	       (t->is_foreign || owner != t->where.st_uid);
}

static const char *fail(int error, const char *wrong)
{
	errno = error;
	return wrong ? wrong : strerror(error);
}

/* Takes fd, which may be -1 with errno. */
static const char *enter(struct target *t, int fd, bool foreign)
{
	int error;

	if (fd < 0 || fstat(fd, &t->where)) {
		error = errno;
		if (fd >= 0)
			close(fd);
		return fail(error, NULL);
	}
	if (t->folder >= 0)
		close(t->folder);
	t->folder = fd;
	t->is_foreign = foreign;
	return NULL;
}

static const char *start(struct target *t, const char *path)
{
	return enter(t, open(*path == '/' ? "/" : ".", O_PATH | O_DIRECTORY | O_CLOEXEC), false);
}

/* True: t->name is the last one, and no folder by the way it is written. */
static bool next_name(struct target *t, struct way *w)
{
	char *from = w->at + strspn(w->at, "/");
	size_t len = strcspn(from, "/");

	free(t->name);
	t->name = len ? must_printf("%.*s", (int)len, from) : must_dup(".");
	w->at = from + len;
	return !*w->at && strcmp(t->name, ".") != 0 && strcmp(t->name, "..") != 0;
}

static void go_on(struct way *w, const char *link)
{
	char *text = must_printf("%s%s", link, w->at);

	free(w->text);
	w->text = w->at = text;
}

/*
 * A link below /proc is followed by the kernel: what it says is not always a path.  A regular file
 * that has one is found by it, since what replaces the file needs its folder.
 */
static const char *follow_proc(struct target *t, struct way *w, const char *says)
{
	struct stat there, named;
	const char *wrong;

	if (*w->at)
		return enter(t, openat(t->folder, t->name, O_PATH | O_DIRECTORY | O_CLOEXEC),
			     false);
	if (!fstatat(t->folder, t->name, &there, 0) && S_ISREG(there.st_mode) && *says == '/' &&
	    !stat(says, &named) && named.st_dev == there.st_dev && named.st_ino == there.st_ino) {
		wrong = start(t, says);
		go_on(w, says);
		return wrong;
	}
	t->is_opened = true;
	return NULL;
}

/* The link that fd is, and st. */
static const char *follow(struct target *t, struct way *w, int fd, const struct stat *st)
{
	char says[PATH_MAX];
	struct statfs fs;
	ssize_t n;

	if (!*w->at && w->last == TARGET_ITSELF)
		return fail(ELOOP, "it is a symbolic link: name the file itself");
	if (is_foreign(t, st->st_uid))
		return fail(ELOOP, "it leads through a symbolic link that another user put where "
				   "others may write: name the file itself");
	if (fstatfs(fd, &fs))
		fs = (struct statfs){ 0 };
	if (++w->links > LINKS_MAX || fs.f_flags & ST_NOSYMFOLLOW)
		return fail(ELOOP, NULL);
	n = readlinkat(fd, "", says, sizeof(says) - 1);
	if (n <= 0)
		return fail(n ? errno : ENOENT, NULL);
	says[n] = '\0';
	if (fs.f_type == PROC_SUPER_MAGIC)
		return follow_proc(t, w, says);
	go_on(w, says);
	return *says == '/' ? start(t, says) : NULL;
}

/* If t->name is a link it is followed; error is why it was no folder, 0: it need not be one. */
static const char *try_link(struct target *t, struct way *w, int error, bool *found)
{
	int fd = openat(t->folder, t->name, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	const char *wrong = NULL;
	struct stat st = { 0 };

	*found = fd >= 0 && !fstat(fd, &st) && S_ISLNK(st.st_mode);
	if (*found)
		wrong = follow(t, w, fd, &st);
	else if (error && fd >= 0 && S_ISDIR(st.st_mode) && ++w->links <= LINKS_MAX)
		w->at -= strlen(t->name); /* it has just become one: again */
	else if (error)
		wrong = fail(error, NULL);
	else if (fd < 0 && errno != ENOENT)
		wrong = strerror(errno);
	if (fd >= 0) {
		error = errno;
		close(fd);
		errno = error;
	}
	return wrong;
}

/* O_DIRECTORY has what is mounted when it is asked for mounted. */
static const char *go_down(struct target *t, struct way *w)
{
	int fd = openat(t->folder, t->name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;
	bool found;

	if (fd < 0 && (errno == ENOTDIR || errno == ELOOP))
		return try_link(t, w, ENOTDIR, &found);
	return enter(t, fd, fd >= 0 && !fstat(fd, &st) && is_foreign(t, st.st_uid));
}

static const char *walk(struct target *t, struct way *w)
{
	const char *wrong = *w->at ? start(t, w->at) : fail(ENOENT, NULL);
	bool found;

	while (!wrong) {
		if (next_name(t, w)) {
			wrong = try_link(t, w, 0, &found);
			if (wrong || !found || t->is_opened)
				return wrong;
		} else if (!strcmp(t->name, ".") && !*w->at) {
			return NULL;
		} else {
			wrong = go_down(t, w);
		}
	}
	return wrong;
}

const char *target_find(struct target *t, const char *path, enum target_link link)
{
	struct way w = { .text = must_dup(path), .last = link };
	const char *wrong;
	int error;

	*t = (struct target){ .path = path, .folder = -1 };
	w.at = w.text;
	wrong = walk(t, &w);
	error = errno;
	free(w.text);
	if (wrong)
		target_drop(t);
	errno = error;
	return wrong;
}

void target_drop(struct target *t)
{
	if (t->folder >= 0)
		close(t->folder);
	free(t->name);
	*t = (struct target){ .folder = -1 };
}

static const char *refusal(const struct target *t, const struct stat *st)
{
	return st->st_mode && is_foreign(t, st->st_uid)
		       ? fail(EACCES, "it is another user's, in a folder where others may write: "
				      "remove it, or name a file in a folder of your own")
		       : NULL;
}

const char *target_look(const struct target *t, struct stat *st)
{
	if (!fstatat(t->folder, t->name, st, t->is_opened ? 0 : AT_SYMLINK_NOFOLLOW))
		return refusal(t, st);
	*st = (struct stat){ 0 };
	return errno == ENOENT ? NULL : strerror(errno);
}

static int open_name(const struct target *t, int flags, mode_t mode, bool is_pipe)
{
	int fd;

	flags |= O_CLOEXEC | O_NOCTTY | (t->is_opened ? 0 : O_NOFOLLOW);
	if (!is_pipe)
		return openat(t->folder, t->name, flags, mode);
	fd = openat(t->folder, t->name, flags | O_NONBLOCK, mode);
	if (fd >= 0) {
		fcntl(fd, F_SETFL, flags & O_APPEND);
	} else if (errno == ENXIO) { /* fifo(7) */
		say("%s: nobody reads this named pipe yet: waiting for who does", t->path);
		fd = openat(t->folder, t->name, flags, mode);
	}
	return fd;
}

/* Of what is open: it may be another one than what was there a moment ago. */
static const char *refusal_open(const struct target *t, int fd)
{
	struct stat st;

	if (fstat(fd, &st))
		return strerror(errno);
	if (S_ISREG(st.st_mode) && st.st_nlink > 1 && others_write(t))
		return fail(EMLINK, "it has another name, too (a hard link), and is in a folder "
				    "where others may write: name a file in a folder of your own");
	return refusal(t, &st);
}

int target_open(const struct target *t, int flags, mode_t mode, const char **wrong)
{
	bool writes = (flags & O_ACCMODE) != O_RDONLY;
	struct stat st;
	int fd, error;

	*wrong = target_look(t, &st);
	if (*wrong && writes)
		return -1;
	fd = open_name(t, flags, mode, S_ISFIFO(st.st_mode) && writes && !(flags & O_NONBLOCK));
	*wrong = fd < 0 ? strerror(errno) : writes ? refusal_open(t, fd) : NULL;
	if (fd < 0 || !*wrong)
		return fd;
	error = errno;
	close(fd);
	errno = error;
	return -1;
}

int target_open_path(const char *path, enum target_link link, int flags, mode_t mode,
		     const char **wrong)
{
	struct target t;
	int fd, error;

	if (descriptor_named(path) >= 0) {
		fd = descriptor_open(path, flags, mode);
		*wrong = fd < 0 ? descriptor_why(path) : NULL;
		return fd;
	}
	*wrong = target_find(&t, path, link);
	if (*wrong)
		return -1;
	fd = target_open(&t, flags, mode, wrong);
	error = errno;
	target_drop(&t);
	errno = error;
	return fd;
}
