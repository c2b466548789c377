/*
 * locks.c: POSIX locks of a new image.  They were its caller's, and closing any descriptor of a file
 * drops those that the process holds on it (fcntl(2)).
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/procfs.h"
#include "tools/supervise/engine.h"

static void note(struct exec *e, struct born_fd lock)
{
	for (size_t i = 0; i < e->nlocks; i++)
		if (e->locks[i].dev == lock.dev && e->locks[i].ino == lock.ino)
			return;
	if (e->nlocks == e->locks_cap) {
		e->locks_cap = 2 * e->locks_cap + EXEC_LOCKS;
		e->locks = realloc(e->locks, e->locks_cap * sizeof(*e->locks));
		if (!e->locks)
			out_of_memory();
	}
	e->locks[e->nlocks++] = lock;
}

/* "1: POSIX  ADVISORY  WRITE 1234 fe:00:5678 0 EOF" */
static void read_line(struct exec *e, const char *line)
{
	unsigned maj, min;
	unsigned long ino;
	long pid;

	if (sscanf(line, "%*s POSIX %*s %*s %ld %x:%x:%lu", &pid, &maj, &min, &ino) != 4 ||
	    pid != e->pid)
		return;
	note(e, (struct born_fd){ .dev = makedev(maj, min), .ino = ino });
}

/* Does the image have by this number what we have by it?  Most often of stdio. */
static bool is_ours(const struct exec *e, int fd)
{
	return fd <= STDERR_FILENO && !syscall(SYS_kcmp, e->sup->pid, e->pid, KCMP_FILE, fd, fd);
}

/* Is there any lock on this file, of whomever?  Where that cannot be asked there may be. */
static bool may_be_locked(struct exec *e, int fd)
{
	struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	bool ours = is_ours(e, fd);
	int copy = ours ? fd : exec_copy_fd(e, fd);
	bool may =
		copy >= 0 ? fcntl(copy, F_GETLK, &lock) || lock.l_type != F_UNLCK : errno != EBADF;

	if (copy >= 0 && !ours)
		close(copy);
	return may;
}

/*
 * The kernel's list of all locks is not read for nothing: whoever opens it holds up all who lock, and waits
 * until none is at it any more, some ten milliseconds.
 */
static bool may_keep_lock(struct exec *e, int last)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		if (may_be_locked(e, fd))
			return true;
	for (size_t i = 0; i < e->nfds && e->fds[i] <= last; i++)
		if (e->fds[i] > STDERR_FILENO && may_be_locked(e, e->fds[i]))
			return true;
	return false;
}

static void suppose(struct exec *e, int fd)
{
	char name[24];
	struct stat st;

	snprintf(name, sizeof(name), "fd/%d", fd);
	if (may_be_locked(e, fd) && !task_file(e->pid, name, &st))
		note(e, (struct born_fd){ .dev = st.st_dev, .ino = st.st_ino });
}

/* Where the list is not to be had (proc(5), subset=pid) whoever holds a lock, it is taken for the image's. */
static void suppose_all(struct exec *e, int last)
{
	for (int fd = 0; fd <= STDERR_FILENO; fd++)
		suppose(e, fd);
	for (size_t i = 0; i < e->nfds && e->fds[i] <= last; i++)
		if (e->fds[i] > STDERR_FILENO)
			suppose(e, e->fds[i]);
}

static int list_of_all(struct supervisor *sup)
{
	int fd;

	pthread_mutex_lock(&sup->lock);
	if (sup->locks < 0)
		sup->locks = procfs_open("/proc/locks", O_RDONLY);
	fd = sup->locks;
	pthread_mutex_unlock(&sup->lock);
	return fd;
}

bool exec_read_locks(struct exec *e, int last)
{
	size_t have = 0;
	off_t at = 0;
	ssize_t n;
	int fd;

	if (!may_keep_lock(e, last))
		return false;
	fd = list_of_all(e->sup);
	if (fd < 0)
		suppose_all(e, last);
	/* Of the machine; most often there are none, and it is read as a whole. */
	while ((n = pread(fd, e->buf + have, sizeof(e->buf) - 1 - have, at)) > 0) {
		char *line = e->buf, *end;

		at += n;
		have += (size_t)n;
		e->buf[have] = '\0';
		for (; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			read_line(e, line);
		}
		have -= (size_t)(line - e->buf);
		memmove(e->buf, line, have);
	}
	return e->nlocks;
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
