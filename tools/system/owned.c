/*
 * owned.c: what counts for every program of a machine may be changed by root alone.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/system/owned.h"

#define SYSTEM_GROUPS 1000 /* those of users begin here, on all distributions that we know */
#define USERS	      100  /* the group of all users, where there is one */

static bool is_of_system(gid_t group)
{
	return group < SYSTEM_GROUPS && group != USERS;
}

static enum owned_fault look_at(const char *path, unsigned flags, struct stat *st)
{
	mode_t all = 0, never = S_IWGRP | S_IWOTH;

	if (stat(path, st))
		return OWNED_UNSEEN;
	if (flags & OWNED_SYSTEM_GROUP && is_of_system(st->st_gid))
		never = S_IWOTH;
	if (st->st_uid || (st->st_mode & never))
		return OWNED_OPEN;
	if (flags & OWNED_FOR_ALL)
		all = S_ISDIR(st->st_mode) ? S_IXUSR | S_IXGRP | S_IXOTH
					   : S_IRUSR | S_IRGRP | S_IROTH;
	return (st->st_mode & all) == all ? OWNED_WELL : OWNED_CLOSED;
}

/* Up from look->at, which is where the first fault is. */
static enum owned_fault walk(unsigned flags, struct owned_look *look)
{
	enum owned_fault fault = look_at(look->at, flags, &look->st);
	char *slash;

	while (!fault && (slash = strrchr(look->at, '/')) && look->at[1]) {
		slash[slash == look->at] = '\0';
		fault = look_at(look->at, flags, &look->st);
	}
	return fault;
}

/* The way to a symbolic link, and that to what it leads to. */
enum owned_fault owned_look(const char *path, unsigned flags, struct owned_look *look)
{
	char *real = realpath(path, NULL);
	enum owned_fault fault;

	look->at = must_dup(path);
	fault = real ? walk(flags, look) : OWNED_UNSEEN;
	if (fault) {
		free(real);
		return fault;
	}
	free(look->at);
	look->at = real;
	return walk(flags, look);
}

static void tell_closed(const struct owned_look *look)
{
	if (S_ISDIR(look->st.st_mode))
		say("%s: expected a folder that every program may search, since what is below it "
		    "does not count for one that may not; it has mode %04o: chmod a+x %s, or put "
		    "that elsewhere",
		    look->at, look->st.st_mode & 07777, look->at);
	else
		say("%s: expected a file that every program may read, since it does not count for "
		    "one that may not; it has mode %04o: chmod 644 %s",
		    look->at, look->st.st_mode & 07777, look->at);
}

static int check(const char *path, unsigned flags)
{
	struct owned_look look;
	enum owned_fault fault = owned_look(path, flags, &look);

	if (fault == OWNED_UNSEEN)
		say("%s: %s", look.at, strerror(errno));
	else if (fault == OWNED_OPEN)
		say("%s: expected root as its owner and nobody else who may write there, since it "
		    "counts for every program, or root starts it; it has user %u and mode %04o: "
		    "look at what is in it, then chown root %s && chmod go-w %s",
		    look.at, look.st.st_uid, look.st.st_mode & 07777, look.at, look.at);
	else if (fault == OWNED_CLOSED)
		tell_closed(&look);
	free(look.at);
	return fault ? -1 : 0;
}

int owned_by_root(const char *path)
{
	return check(path, 0);
}

int owned_for_all(const char *path)
{
	return check(path, OWNED_FOR_ALL);
}
