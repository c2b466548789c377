/*
 * procfs.c: see procfs.h.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/mount.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "tools/proc/procfs.h"

static int held = AT_FDCWD; /* where paths begin; that: at /proc by its name */

static const char *path_from(const char *path)
{
	return held == AT_FDCWD ? path : path + sizeof("/proc/") - 1;
}

/* One that is mounted nowhere: its numbers are those of our PID namespace.  -1: we may not, or before Linux 5.2. */
static int mount_own(void)
{
	int proc = (int)syscall(SYS_fsopen, "proc", FSOPEN_CLOEXEC), own = -1;

	if (proc < 0)
		return -1;
	if (!syscall(SYS_fsconfig, proc, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		own = (int)syscall(SYS_fsmount, proc, FSMOUNT_CLOEXEC,
				   MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
	close(proc);
	return own;
}

/* The one that is there, with what is mounted in it now, and nothing that will be (Linux 5.12).  -1: we may not. */
static int mount_copy(void)
{
	struct mount_attr private = { .propagation = MS_PRIVATE };
	int copy = (int)syscall(SYS_open_tree, AT_FDCWD, "/proc",
				OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);

	if (copy < 0 || !syscall(SYS_mount_setattr, copy, "", AT_EMPTY_PATH | AT_RECURSIVE,
				 &private, sizeof(private)))
		return copy;
	close(copy);
	return -1;
}

void procfs_hold(void)
{
	int own = mount_own();

	if (own < 0)
		own = mount_copy();
	if (own < 0)
		own = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (own >= 0)
		held = own;
}

int procfs_open(const char *path, int flags)
{
	return openat(held, path_from(path), flags | O_CLOEXEC);
}

bool procfs_each(const char *folder, bool (*each)(void *ctx, pid_t id), void *ctx)
{
	int fd = procfs_open(folder, O_RDONLY | O_DIRECTORY);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *e;
	bool all = dir;

	while (all && (errno = 0, e = readdir(dir))) {
		pid_t id = (pid_t)strtol(e->d_name, NULL, 10);

		all = id <= 0 || each(ctx, id);
	}
	all = all && !errno;
	if (dir)
		closedir(dir);
	else if (fd >= 0)
		close(fd);
	return all;
}

int procfs_stat(const char *path, struct stat *to)
{
	struct statx st;

	if (statx(held, path_from(path), AT_STATX_DONT_SYNC, STATX_TYPE | STATX_INO | STATX_SIZE,
		  &st))
		return errno == ENOSYS || errno == EPERM ? fstatat(held, path_from(path), to, 0)
							 : -1;
	*to = (struct stat){ .st_dev = makedev(st.stx_dev_major, st.stx_dev_minor),
			     .st_ino = st.stx_ino,
			     .st_mode = st.stx_mode,
			     .st_size = (off_t)st.stx_size };
	return 0;
}

int procfs_lstat(const char *path, struct stat *to)
{
	return fstatat(held, path_from(path), to, AT_SYMLINK_NOFOLLOW);
}

ssize_t procfs_readlink(const char *path, char *to, size_t size)
{
	return readlinkat(held, path_from(path), to, size);
}
