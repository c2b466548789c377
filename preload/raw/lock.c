/* lock.c: see lock.h. */
#include "preload/raw/lock.h"
#include "preload/raw/sys.h"

#define LOOKS 64

/*
 * F_OFD_GETLK, since only that one shows the asker's own locks: for it they are those of another
 * owner.  Each answer is the first lock in the way, so the search goes on behind those of others.
 */
bool fdf_holds_lock(int fd)
{
	struct fdf_flock l = { .start = 0 };

	for (int i = 0; i < LOOKS; i++) {
		int64_t from = l.start;

		l.type = F_WRLCK;
		l.whence = 0;
		l.len = 0;
		l.start = from;
		l.pid = 0;
		if (sys_fcntl(fd, FDF_OFD_GETLK, (long)&l) < 0 || l.type == F_UNLCK)
			return false;
		if (l.pid == sys_getpid())
			return true;
		if (!l.len)
			return false;
		l.start += l.len;
	}
	return true;
}
