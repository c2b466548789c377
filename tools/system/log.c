/*
 * log.c: the log that settings of the machine name.
 *
 * The library makes a missing one for its owner alone: then the first program that has a leak,
 * which may be root's, would take it from all others.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/system/log.h"
#include "tools/system/owned.h"

#define VARIABLE "FDFENCE_LOG="
#define MODE	 0622 /* others' records are nobody's to read */
#define FOR_ALL	 (S_IWUSR | S_IWGRP | S_IWOTH)

/* The next of "NAME=VALUE\0...", or NULL. */
static const char *next(const char *at, const char *end)
{
	at += strlen(at) + 1;
	return at < end ? at : NULL;
}

static bool is_log(const char *setting)
{
	return !strncmp(setting, VARIABLE, strlen(VARIABLE));
}

char *log_without(const char *settings, size_t len, size_t *n)
{
	char *rest = must_alloc(len + 1);
	const char *at;

	*n = 0;
	for (at = len ? settings : NULL; at; at = next(at, settings + len)) {
		if (is_log(at))
			continue;
		strcpy(rest + *n, at);
		*n += strlen(at) + 1;
	}
	return rest;
}

/*
 * Who may write to a folder on the way could put something else in its place, and who does not
 * get through writes no records.  /var/log may be a group's of the system.
 */
static int check_folder(const char *path)
{
	int len = (int)(strrchr(path, '/') - path);
	char *dir = must_printf("%.*s", len ? len : 1, path);
	struct owned_look look;
	enum owned_fault fault = owned_look(dir, OWNED_FOR_ALL | OWNED_SYSTEM_GROUP, &look);

	if (fault == OWNED_UNSEEN)
		say("LOG=%s: %s: %s: install -d %s", path, look.at, strerror(errno), look.at);
	else if (fault == OWNED_OPEN)
		say("LOG=%s: %s has user %u, group %u and mode %04o: expected a folder of root, "
		    "where nobody else, but a group of the system, can put something in the place "
		    "of the log: name another, such as /var/log/fdfence.jsonl",
		    path, look.at, look.st.st_uid, look.st.st_gid, look.st.st_mode & 07777);
	else if (fault == OWNED_CLOSED)
		say("LOG=%s: %s has mode %04o, so records of programs that do not get into it "
		    "would be lost: name another, such as /var/log/fdfence.jsonl, or chmod a+x %s",
		    path, look.at, look.st.st_mode & 07777, look.at);
	free(look.at);
	free(dir);
	return fault ? -1 : 0;
}

/* A record is a line of JSON. */
static bool has_other_text(const char *path)
{
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	char first = '{';

	if (fd < 0 || read(fd, &first, 1) < 0)
		first = '{'; /* nothing to be known: what counts is who may write */
	if (fd >= 0)
		close(fd);
	return first != '{';
}

static int check(const char *path, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) && !S_ISFIFO(st->st_mode))
		say("LOG=%s: is neither a file nor a named pipe: name another", path);
	else if (S_ISREG(st->st_mode) && has_other_text(path))
		say("LOG=%s: holds something else than records: name another", path);
	else if ((st->st_mode & FOR_ALL) != FOR_ALL)
		say("LOG=%s: has user %u and mode %04o, so records of programs of others would be "
		    "lost: chmod a+w %s",
		    path, st->st_uid, st->st_mode & 07777, path);
	else if (st->st_mode & S_IROTH)
		say("LOG=%s: has mode %04o, so that everybody would read the records of all "
		    "programs, root's with their arguments: chmod o-r %s",
		    path, st->st_mode & 07777, path);
	else
		return 0;
	return -1;
}

static int make_one(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	int r = fd < 0 || fchmod(fd, MODE) ? -1 : 0;

	if (r)
		say("LOG=%s: %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return r;
}

int log_check_name(const char *path)
{
	if (*path != '@')
		return 0;
	say("LOG=%s: whoever takes that name would read the records, with the arguments of what "
	    "was started: name a file, such as /var/log/fdfence.jsonl",
	    path);
	return -1;
}

static int ready(const char *path, bool make)
{
	struct stat st;

	if (log_check_name(path))
		return -1;
	if (check_folder(path))
		return -1;
	if (!lstat(path, &st))
		return check(path, &st);
	if (errno == ENOENT && make)
		return make_one(path);
	say("LOG=%s: %s: fdfence system reload makes it, for every program to write", path,
	    strerror(errno));
	return -1;
}

int log_ready(const char *settings, size_t len, bool make)
{
	const char *at;

	for (at = len ? settings : NULL; at; at = next(at, settings + len))
		if (is_log(at) && at[strlen(VARIABLE)])
			return ready(at + strlen(VARIABLE), make);
	return 0;
}
