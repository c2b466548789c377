/*
 * owned.h: what counts for every program of a machine may be changed by root alone.
 */
#ifndef FDF_OWNED_H
#define FDF_OWNED_H

#include <stdbool.h>
#include <sys/stat.h>

enum owned_fault {
	OWNED_WELL,
	OWNED_UNSEEN, /* errno says why */
	OWNED_OPEN,   /* somebody beside root can change it, or put something in its place */
	OWNED_CLOSED, /* not everybody may read it or, of a folder, get to what is below it */
};

struct owned_look {
	char *at; /* what has the fault; the caller frees, whether there is one or not */
	struct stat st;
};

enum {
	OWNED_FOR_ALL = 1,	/* everybody can read it, and search the folders */
	OWNED_SYSTEM_GROUP = 2, /* a group of the system may write, as to Ubuntu's /var/log */
};

/*
 * Look at path, which is absolute, what it leads to, and every folder on the way up to "/": is it
 * root's, and for nobody else to write?  The sticky bit of a folder is no excuse.
 */
enum owned_fault owned_look(const char *path, unsigned flags, struct owned_look *look);

/* Nobody beside root, and no group, may write there.  Returns 0, or -1 after a message. */
int owned_by_root(const char *path);

/* ... and every program may read it: for who may not, it does not count, and nobody says so. */
int owned_for_all(const char *path);

#endif
