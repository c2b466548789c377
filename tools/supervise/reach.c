/*
 * reach.c: what the new image could have had without a descriptor: as the tracer, from its
 * credentials and from modes.  In another mount namespace the way is not known, but that there is none.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "preload/core/permission.h"
#include "preload/core/severity.h"
#include "tools/base/base.h"
#include "tools/proc/ttys.h"
#include "tools/supervise/engine.h"

static bool is_ours(pid_t pid, const char *namespace)
{
	struct stat a, b;

	return !task_file(0, namespace, &a) && !task_file(pid, namespace, &b) &&
	       a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

/*
 * Capabilities reach a file whose owner has a number in their user namespace (capabilities of the
 * first one, and of one with the same map, reach all): capabilities(7), user_namespaces(7).
 */
static bool maps_everybody(void)
{
	struct task_text map = { 0 };
	unsigned inside = 1, outside = 1, n = 0;
	bool all = !task_read(0, "uid_map", &map) &&
		   sscanf(map.buf, "%u %u %u", &inside, &outside, &n) == 3 && !inside && !outside &&
		   n == UINT_MAX;

	free(map.buf);
	return all;
}

static struct fdf_asker asker_of(const struct exec *e)
{
	uint64_t caps = strtoull(task_status_line(&e->status, "CapEff"), NULL, 16);

	return (struct fdf_asker){ .uid = e->facts.uid,
				   .gid = e->facts.gid,
				   .dac_override = caps >> CAP_DAC_OVERRIDE & 1,
				   .dac_read_search = caps >> CAP_DAC_READ_SEARCH & 1,
				   .user_ns = !maps_everybody() || !is_ours(e->pid, "ns/user") };
}

static struct fdf_owner owner_of(const struct stat *st)
{
	return (struct fdf_owner){ .mode = st->st_mode, .uid = st->st_uid, .gid = st->st_gid };
}

/* May it pass the directories from its root, which has len bytes of path, to the file? */
static enum fdf_answer may_pass(const char *path, size_t len, const struct fdf_asker *a)
{
	enum fdf_answer all = FDF_YES;
	char *above = must_dup(path), *end;

	while (all != FDF_NO && (end = strrchr(above, '/')) && end >= above + len) {
		enum fdf_answer one = FDF_NOT_KNOWN;
		struct fdf_owner o;
		struct stat st;

		*end = '\0';
		if (!stat(*above ? above : "/", &st)) {
			o = owner_of(&st);
			one = fdf_may_search(&o, a);
		}
		all = one == FDF_YES ? all : one;
	}
	free(above);
	return all;
}

/* Is that mount one of those that the process e->pid can see from its root?  proc(5), mountinfo. */
static enum fdf_answer has_mount(const struct exec *e, long id)
{
	struct task_text mounts = { 0 };
	enum fdf_answer has = FDF_NO;

	if (id < 0 || task_read(e->pid, "mountinfo", &mounts) || !mounts.len)
		has = FDF_NOT_KNOWN;
	for (char *p = mounts.buf; has == FDF_NO && *p; p += strcspn(p, "\n"), p += *p == '\n')
		if (strtol(p, NULL, 10) == id)
			has = FDF_YES;
	free(mounts.buf);
	return has;
}

/* Does another file lie under its name, or none?  So it is of a mount that nothing leads to. */
static bool lies_elsewhere(const struct fdf_fd *d, const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return errno == ENOENT || errno == ENOTDIR;
	return st.st_ino != d->ino || major(st.st_dev) != d->dev_major ||
	       minor(st.st_dev) != d->dev_minor;
}

/* mount: the descriptor's; -1: not known. */
static void way_there(struct exec *e, const struct fdf_asker *a, long mount)
{
	struct fdf_fd *d = &e->look.d;
	const char *path = e->look.target;
	char root[PATH_MAX];
	size_t len;

	if (!(d->have & FDF_HAVE_TARGET) || path[0] != '/')
		return;
	if (fdf_stored(d->target).len != d->target.len) { /* deleted: as the shim says it */
		d->reach.finds = d->type == FDF_DIR ? FDF_NOT_KNOWN : FDF_YES;
		d->reach.passes = FDF_YES;
		return;
	}
	if (!is_ours(e->pid, "ns/mnt")) { /* there it may have a name, which is another one */
		if (has_mount(e, mount) == FDF_NO) {
			d->reach.finds = FDF_NO;
			d->reach.passes = FDF_YES;
		}
		return;
	}
	task_link(e->pid, "root", root, sizeof(root));
	if (root[0] != '/')
		return;
	len = root[1] ? strlen(root) : 0;
	if (strncmp(path, root, len) != 0 || (path[len] && path[len] != '/') ||
	    lies_elsewhere(d, path)) {
		d->reach.finds = FDF_NO;
		d->reach.passes = FDF_YES;
		return;
	}
	d->reach.finds = FDF_YES;
	d->reach.passes = (uint8_t)may_pass(path, len, a);
}

/* proc(5), /proc/PID/fdinfo: its mount, and a line for each lock that is held through the open file. */
static void read_info(const struct exec *e, int fd, struct task_text *to)
{
	char name[24];

	snprintf(name, sizeof(name), "fdinfo/%d", fd);
	if (task_read(e->pid, name, to))
		to->buf[0] = '\0';
}

static enum fdf_answer is_lock(const struct task_text *info)
{
	return !*info->buf ? FDF_NOT_KNOWN : *task_status_line(info, "lock") ? FDF_YES : FDF_NO;
}

static long mount_of(const struct task_text *info)
{
	const char *id = task_status_line(info, "mnt_id");

	return *id ? strtol(id, NULL, 10) : -1;
}

static bool is_own_tty(const struct exec *e, int copy)
{
	uint32_t major, minor;
	struct task_stat t;

	return ttys_number(copy, &major, &minor) && !task_stat(e->pid, &t) &&
	       t.tty_major == major && t.tty_minor == minor;
}

/* Has the new image it anyway? */
static void look_own(struct exec *e, int copy)
{
	struct fdf_fd *d = &e->look.d;

	for (int fd = 0; fd <= STDERR_FILENO && d->reach.twin != FDF_YES; fd++) {
		struct own_fd std;
		int std_copy = exec_look_fd(e, &std, fd);

		if (std_copy < 0)
			continue;
		d->reach.twin = (uint8_t)fdf_is_twin(d, &std.d);
		close(std_copy);
	}
	if (fdf_is_terminal(d) && is_own_tty(e, copy))
		d->reach.own_tty = FDF_YES;
}

void exec_reach(struct exec *e, int copy)
{
	struct fdf_fd *d = &e->look.d;
	struct fdf_asker a = asker_of(e);
	struct task_text info = { 0 };
	struct fdf_owner o;
	struct stat st;

	look_own(e, copy);
	if (d->type == FDF_MEMFD) {
		d->have |= FDF_HAVE_REACH;
		d->reach.seals = (uint8_t)fdf_is_sealed(fcntl(copy, F_GET_SEALS));
	}
	if (d->type < FDF_FILE || d->type > FDF_FIFO || d->type == FDF_PIPE || fstat(copy, &st))
		return;
	o = owner_of(&st);
	d->have |= FDF_HAVE_REACH;
	d->reach.reads = (uint8_t)fdf_may_read(&o, &a);
	d->reach.writes = (uint8_t)fdf_may_write(&o, &a);
	read_info(e, d->fd, &info);
	d->reach.locks = (uint8_t)is_lock(&info);
	way_there(e, &a, mount_of(&info));
	free(info.buf);
}
