/*
 * locks.c: POSIX locks of a new image.  They were its caller's, and closing any descriptor of a file
 * drops those that the process holds on it (fcntl(2)).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/sysmacros.h>

#include "tools/supervise/engine.h"

void exec_read_locks(struct exec *e)
{
	FILE *f = fopen("/proc/locks", "re");
	unsigned maj, min;
	char line[256];
	long pid;
	unsigned long ino;

	e->nlocks = 0;
	/* "1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF" */
	while (f && e->nlocks < EXEC_LOCKS && fgets(line, sizeof(line), f))
		if (sscanf(line, "%*s POSIX %*s %*s %ld %x:%x:%lu", &pid, &maj, &min, &ino) == 4 &&
		    pid == e->pid)
			e->locks[e->nlocks++] =
				(struct born_fd){ .dev = makedev(maj, min), .ino = ino };
	if (f)
		fclose(f);
}

static bool is_file(const struct born_fd *lock, const struct fdf_fd *d)
{
	return d->have & FDF_HAVE_TYPE && lock->ino == d->ino &&
	       lock->dev == makedev(d->dev_major, d->dev_minor);
}

void exec_keep_lock(struct exec *e, const struct fdf_fd *d)
{
	for (size_t i = 0; i < e->nlocks; i++)
		if (is_file(&e->locks[i], d))
			e->locks[i].fd = 1;
}

bool exec_is_locked(const struct exec *e, const struct fdf_fd *d)
{
	for (size_t i = 0; i < e->nlocks; i++)
		if (e->locks[i].fd && is_file(&e->locks[i], d))
			return true;
	return false;
}
