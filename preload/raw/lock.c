/* lock.c: see lock.h. */
#include "preload/raw/lock.h"
#include "preload/raw/sys.h"

#define LOOKS 64

/* The first lock at `from` or behind that this command takes for somebody else's. */
static bool in_the_way(int fd, int command, int64_t from, struct fdf_flock *l)
{
	*l = (struct fdf_flock){ .type = F_WRLCK, .start = from };
	return sys_fcntl(fd, command, (long)l) >= 0 && l->type != F_UNLCK;
}

/*
 * For F_OFD_GETLK the locks of the asker's own table are another owner's, for F_GETLK they are not:
 * the first one that both do not tell alike is the table's.  by_process: and taken by this process.
 */
static bool find(int fd, bool by_process)
{
	struct fdf_flock any, others;
	int64_t from = 0;

	for (int i = 0; i < LOOKS; i++) {
		bool own;

		if (!in_the_way(fd, FDF_OFD_GETLK, from, &any))
			return false;
		own = !in_the_way(fd, F_GETLK64, from, &others) || others.pid != any.pid ||
		      others.start != any.start || others.len != any.len;
		if (own && (!by_process || any.pid == sys_getpid()))
			return true;
		if (any.type == F_RDLCK) /* one more may lie under it */
			return true;
		if (!any.len)
			return false;
		from = any.start + any.len;
	}
	return true;
}

bool fdf_holds_lock(int fd)
{
	return find(fd, true);
}

bool fdf_table_holds_lock(int fd)
{
	return find(fd, false);
}
