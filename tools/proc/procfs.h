/*
 * procfs.h: the /proc that this process asks.  Paths begin with "/proc/".
 *
 * Whoever may mount can lay something over /proc, or over a folder in it, and who asks by name then believes
 * what lies there.  Who decides by what /proc says holds one before he starts whom it is about.
 */
#ifndef FDF_PROCFS_H
#define FDF_PROCFS_H

#include <stdbool.h>
#include <sys/stat.h>
#include <sys/types.h>

/*
 * All that is asked from here on, by any thread, is asked of one /proc: where this process may mount, of one
 * that nobody else has; else of the one that is mounted now, whatever is mounted over it later.  To be
 * called once, while there is one thread.
 */
void procfs_hold(void);

/*
 * Calls each for the processes in "/proc/.", or the threads in a folder of one, until it says false.
 * False: it did, or not all of them could be listed.
 */
bool procfs_each(const char *folder, bool (*each)(void *ctx, pid_t id), void *ctx);

/* open(2) with O_CLOEXEC, lstat(2) and readlink(2). */
int procfs_open(const char *path, int flags);
int procfs_lstat(const char *path, struct stat *to);
/*
 * What lies behind a link: st_dev, st_ino, st_mode and st_size, as this machine knows them, without a question
 * to a file system that somebody serves, and who may stand still (FUSE, NFS).
 */
int procfs_stat(const char *path, struct stat *to);
ssize_t procfs_readlink(const char *path, char *to, size_t size);

#endif
