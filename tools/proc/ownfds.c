/*
 * ownfds.c: descriptors of this process as facts: those that fdfence itself was given, or a
 * duplicate of another process's.
 */
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "preload/core/type.h"
#include "tools/base/base.h"
#include "tools/proc/ownfds.h"
#include "tools/proc/procfd.h"
#include "tools/proc/procfs.h"
#include "tools/proc/sockets.h"
#include "tools/proc/task.h"

/* See FDF_HAVE_PUBLIC, of a file with this path. */
static int is_public(const char *path, int fd, const struct stat *file)
{
	char *above = must_dup(path), *end;
	struct statfs fs;
	struct stat st;
	int lets = !fstatfs(fd, &fs) && fs.f_type != PROC_SUPER_MAGIC && !stat(path, &st) &&
		   st.st_ino == file->st_ino && st.st_dev == file->st_dev;

	while (lets && (end = strrchr(above, '/'))) {
		*end = '\0';
		lets = !stat(*above ? above : "/", &st) && st.st_mode & S_IXOTH;
	}
	free(above);
	return lets;
}

void ownfds_look(struct own_fd *f, int fd)
{
	int status = fcntl(fd, F_GETFL);
	char link[40];
	struct stat st;
	ssize_t n;

	f->d = (struct fdf_fd){ .fd = fd };
	snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	n = procfs_readlink(link, f->target, sizeof(f->target));
	f->d.target = (struct fdf_str){ f->target, n > 0 ? (size_t)n : 0 };
	f->d.have = (uint8_t)((status >= 0 ? FDF_HAVE_STATUS : 0) | (n > 0 ? FDF_HAVE_TARGET : 0));
	f->target[n > 0 && (size_t)n < sizeof(f->target) ? n : 0] = '\0';
	f->d.status = status >= 0 ? (uint32_t)status : 0;
	if (fstat(fd, &st))
		return;
	f->d.have |= FDF_HAVE_TYPE;
	f->d.mode = st.st_mode;
	f->d.dev_major = major(st.st_dev);
	f->d.dev_minor = minor(st.st_dev);
	f->d.rdev_major = major(st.st_rdev);
	f->d.rdev_minor = minor(st.st_rdev);
	f->d.ino = st.st_ino;
	/* O_PATH of a socket's name in the file system is no socket: SO_DOMAIN fails. */
	if (S_ISSOCK(st.st_mode) && !(f->d.status & O_PATH)) {
		f->sock = socket_facts(fd);
		f->d.have |= FDF_HAVE_SOCK;
		f->d.sock = &f->sock;
	}
	f->d.type = (uint8_t)fdf_type_of(&f->d, proc_in_memory(fd, st.st_nlink), f->d.target);
	if (f->d.type == FDF_FILE && f->target[0] == '/' && st.st_mode & S_IROTH &&
	    is_public(f->target, fd, &st))
		f->d.have |= FDF_HAVE_PUBLIC;
}

/* Every open number in *list; without /proc every number that there could be. */
static size_t numbers(int **list)
{
	ssize_t found = task_fds(0, list);
	struct rlimit lim;
	size_t n;

	if (found >= 0)
		return (size_t)found;
	if (getrlimit(RLIMIT_NOFILE, &lim) || lim.rlim_max > 1 << 20)
		lim.rlim_max = 1 << 20;
	*list = must_alloc(lim.rlim_max * sizeof(int));
	for (n = 0; n < lim.rlim_max; n++)
		(*list)[n] = (int)n;
	return n;
}

void ownfds_each(void (*each)(void *ctx, const struct own_fd *f), void *ctx)
{
	struct own_fd *f = must_alloc(sizeof(*f));
	int *list;
	size_t n = numbers(&list), i;

	for (i = 0; i < n; i++) {
		int flags = list[i] > 2 ? fcntl(list[i], F_GETFD) : -1;

		if (flags < 0 || (flags & FD_CLOEXEC))
			continue;
		ownfds_look(f, list[i]);
		each(ctx, f);
	}
	free(list);
	free(f);
}
