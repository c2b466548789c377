/*
 * aside.c: a file that is written anew as a whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/aside.h"
#include "tools/base/base.h"
#include "tools/base/cleanup.h"

/* What is at the name now, and why it is not to be replaced. */
static const char *refusal(const struct target *t, struct stat *st)
{
	const char *wrong = target_look(t, st);

	if (wrong || !st->st_mode || S_ISLNK(st->st_mode)) /* which came just now, and goes */
		return wrong;
	if (!S_ISREG(st->st_mode))
		return "it is not a regular file";
	return t->is_opened ? strerror(ENOENT) : NULL; /* deleted */
}

/* Where a filter of system calls ends whoever calls fchown(2), one's own files can be written still. */
static int own_as(int fd, const struct stat *old)
{
	struct stat st;

	if (!fstat(fd, &st) && st.st_uid == old->st_uid && st.st_gid == old->st_gid)
		return 0;
	return fchown(fd, old->st_uid, old->st_gid) && fchown(fd, (uid_t)-1, old->st_gid);
}

static int take_owner(int fd, const struct stat *old)
{
	mode_t mask = umask(0), mode;

	umask(mask);
	if (!S_ISREG(old->st_mode))
		return fchmod(fd, 0666 & ~mask);
	mode = old->st_mode & 0777;
	if (own_as(fd, old))
		mode &= ~(mode_t)070 | (mode & 07) << 3;
	return fchmod(fd, mode);
}

/* Of a descriptor of ours. */
static void link_of(char link[32], int fd)
{
	snprintf(link, 32, "/proc/self/fd/%d", fd);
}

/* Without a name: nothing is left of it whatever ends us.  -1: not here. */
static int open_nameless(int folder)
{
	int fd = openat(folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	char link[32];

	link_of(link, fd);
	if (fd < 0 || !access(link, F_OK))
		return fd;
	close(fd); /* without /proc it would never have one */
	return -1;
}

/* NAME.XXXXXX, as mkstemp(3) chooses them, which knows of no folder. */
static char *new_name(const char *name)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "0123456789";
	unsigned char x[6];
	char end[sizeof(x) + 1] = "";

	if (getrandom(x, sizeof(x), 0) != sizeof(x))
		return NULL;
	for (size_t i = 0; i < sizeof(x); i++)
		end[i] = letters[x[i] % (sizeof(letters) - 1)];
	return must_printf("%s.%s", name, end);
}

/* A new name beside the target's, for fd or, -1, a new file. */
static int take_name(struct aside *a, const char *name, int fd)
{
	enum { TRIES = 100 };
	char link[32];
	int r = -1;

	link_of(link, fd);
	for (int i = 0; i < TRIES && r < 0 && (a->temp = new_name(name)); i++) {
		r = fd < 0 ? openat(a->folder, a->temp, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC,
				    0600)
			   : linkat(AT_FDCWD, link, a->folder, a->temp, AT_SYMLINK_FOLLOW);
		if (r >= 0) {
			cleanup_add_at(a->folder, a->temp);
			break;
		}
		free(a->temp);
		a->temp = NULL;
		if (errno != EEXIST)
			break;
	}
	return r;
}

const char *aside_open(struct aside *a, const char *path, enum target_link link)
{
	struct target t;
	const char *wrong;
	struct stat old;
	int fd = -1;

	*a = (struct aside){ .folder = -1, .link = link };
	wrong = target_find(&t, path, link);
	if (wrong)
		return wrong;
	wrong = refusal(&t, &old);
	if (!wrong) {
		a->path = must_dup(path);
		a->folder = t.folder;
		t.folder = -1;
		fd = open_nameless(a->folder);
		if (fd < 0)
			fd = take_name(a, t.name, -1);
		if (fd >= 0 && !take_owner(fd, &old))
			a->file = fdopen(fd, "w");
		wrong = a->file ? NULL : strerror(errno);
	}
	target_drop(&t);
	if (!wrong)
		return NULL;
	if (fd >= 0)
		close(fd);
	aside_abandon(a);
	return wrong;
}

/* linkat(2) replaces nothing: it gets a name that was free, where the target is now. */
static int rename_to(struct aside *a, const struct target *t)
{
	if (!a->temp) {
		close(a->folder);
		a->folder = fcntl(t->folder, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
		if (a->folder < 0 || take_name(a, t->name, fileno(a->file)))
			return -1;
	}
	return renameat(a->folder, a->temp, t->folder, t->name);
}

/* Found anew: what ran meanwhile may have made its folder anew, too. */
static const char *replace(struct aside *a)
{
	struct target t;
	const char *wrong = target_find(&t, a->path, a->link);
	struct stat now;

	if (wrong)
		return wrong;
	wrong = refusal(&t, &now);
	if (!wrong && rename_to(a, &t))
		wrong = strerror(errno);
	target_drop(&t);
	return wrong;
}

const char *aside_close(struct aside *a)
{
	const char *wrong;

	/* What a write could not get rid of is dropped: the last one may succeed all the same. */
	if (ferror(a->file) || fflush(a->file) || fsync(fileno(a->file)))
		wrong = strerror(errno ? errno : EIO);
	else
		wrong = replace(a);
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
		unlinkat(a->folder, a->temp, 0);
		cleanup_drop(a->temp);
	}
	if (a->folder >= 0)
		close(a->folder);
	free(a->temp);
	free(a->path);
	*a = (struct aside){ .folder = -1 };
}
