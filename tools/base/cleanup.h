/*
 * cleanup.h: files that have to go however the program ends, by exit() or by a
 * signal that means "end".
 */
#ifndef FDF_CLEANUP_H
#define FDF_CLEANUP_H

#define CLEANUP_MAX 32 /* files at a time */

/*
 * A file or an empty folder of this process, which is removed if the program ends
 * before cleanup_drop(): the newest one first.  path has to stay until then.  In a
 * child of fork() nothing is removed unless it adds the path itself.  Adding it twice
 * is adding it once.  SIGINT, SIGTERM and SIGHUP are caught from the first call on,
 * unless they are ignored; they end the process as they would have.
 */
void cleanup_add(const char *path);

/* The same in a folder, which stays open until then. */
void cleanup_add_at(int folder, const char *path);

/* It is gone, or stays for good.  Nothing happens if it is not there. */
void cleanup_drop(const char *path);

#endif
