/*
 * owned.h: what counts for every program of a machine may be changed by root alone.
 */
#ifndef FDF_OWNED_H
#define FDF_OWNED_H

/*
 * path, which is absolute, what it leads to, and every folder on the way are root's, and nobody
 * else may write there.  Returns 0, or -1 after a message.
 */
int owned_by_root(const char *path);

/* ... and every program may read it: for who may not, it does not count, and nobody says so. */
int owned_for_all(const char *path);

#endif
