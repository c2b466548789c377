/*
 * owned.c: what counts for every program of a machine may be changed by root alone.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/system/owned.h"

static enum owned_fault look_at(const char *path, mode_t never, bool for_all, struct stat *st)
{
	mode_t all = 0;

	if (stat(path, st))
		return OWNED_UNSEEN;
	if (st->st_uid || (st->st_mode & never))
		return OWNED_OPEN;
	if (for_all)
		all = S_ISDIR(st->st_mode) ? S_IXUSR | S_IXGRP | S_IXOTH
					   : S_IRUSR | S_IRGRP | S_IROTH;
	return (st->st_mode & all) == all ? OWNED_WELL : OWNED_CLOSED;
}

/* Up from look->at, which is where the first fault is. */
static enum owned_fault walk(mode_t never, bool for_all, struct owned_look *look)
{
	enum owned_fault fault = look_at(look->at, never, for_all, &look->st);
	char *slash;

	while (!fault && (slash = strrchr(look->at, '/')) && look->at[1]) {
		slash[slash == look->at] = '\0';
		fault = look_at(look->at, never, for_all, &look->st);
	}
	return fault;
}

/* The way to a symbolic link, and that to what it leads to. */
enum owned_fault owned_look(const char *path, mode_t never, bool for_all, struct owned_look *look)
{
	char *real = realpath(path, NULL);
	enum owned_fault fault;

	look->at = must_dup(path);
	fault = real ? walk(never, for_all, look) : OWNED_UNSEEN;
	if (fault) {
		free(real);
		return fault;
	}
	free(look->at);
	look->at = real;
	return walk(never, for_all, look);
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

static int check(const char *path, bool for_all)
{
	struct owned_look look;
	enum owned_fault fault = owned_look(path, S_IWGRP | S_IWOTH, for_all, &look);

	if (fault == OWNED_UNSEEN)
		say("%s: %s", look.at, strerror(errno));
	else if (fault == OWNED_OPEN)
		say("%s: expected root as its owner and nobody else who may write there, since it "
		    "counts for every program; it has user %u and mode %04o: look at what is in "
		    "it, then chown root %s && chmod go-w %s",
		    look.at, look.st.st_uid, look.st.st_mode & 07777, look.at, look.at);
	else if (fault == OWNED_CLOSED)
		tell_closed(&look);
	free(look.at);
	return fault ? -1 : 0;
}

int owned_by_root(const char *path)
{
	return check(path, false);
}

int owned_for_all(const char *path)
{
	return check(path, true);
}
