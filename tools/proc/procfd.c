/*
 * procfd.c: see procfd.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "preload/core/severity.h"
#include "preload/core/type.h"
#include "tools/base/base.h"
#include "tools/proc/procfd.h"
#include "tools/proc/sockets.h"
#include "tools/proc/ttys.h"

/* What fdinfo says of a descriptor (proc(5)). */
struct info {
	long flags;		   /* status flags, O_CLOEXEC among them */
	unsigned long long ino;	   /* Linux 5.14; 0: not told */
	unsigned long long mnt_id; /* Linux 3.15; 0: not told */
	bool locks;		   /* a lock is held through it (Linux 4.1) */
};

/* The number behind a label at the start of a line, 0: no such line. */
static unsigned long long labelled(const char *text, const char *label, int base)
{
	const char *p = strstr(text, label);

	return p ? strtoull(p + strlen(label), NULL, base) : 0;
}

/* Returns 0, or -1 with errno. */
static int info_of(int dir, const char *base, int fd, struct info *to)
{
	char file[80], text[1024];

	snprintf(file, sizeof(file), "%s/fdinfo/%d", base, fd);
	if (proc_read(dir, file, text, sizeof(text)) < 0)
		return -1;
	*to = (struct info){ .flags = (long)labelled(text, "\nflags:", 8),
			     .ino = labelled(text, "\nino:", 10),
			     .mnt_id = labelled(text, "\nmnt_id:", 10),
			     .locks = strstr(text, "\nlock:") != NULL };
	return 0;
}

/* A copy of the descriptor for us, close-on-exec; -1 with why in l->t->no_copies. */
static int copy_of(const struct proc_look *l, int fd)
{
	int copy = -1;

	errno = -l->pidfd;
	if (l->pidfd >= 0)
		copy = (int)syscall(SYS_pidfd_getfd, l->pidfd, fd, 0);
	if (copy < 0 && errno != EBADF && errno != ESRCH) { /* closed, or ended, meanwhile */
		l->t->no_copies = errno;
		l->t->no_copies_by = l->pidfd < 0 ? "pidfd_open" : "pidfd_getfd";
	}
	return copy;
}

/* Is the copy still what was looked at?  The number may stand for another file by now. */
static bool is_same(int copy, const struct proc_fd *f)
{
	struct statx st;

	return !statx(copy, "", AT_EMPTY_PATH | AT_STATX_DONT_SYNC, STATX_INO, &st) &&
	       st.stx_ino == f->d.ino && st.stx_dev_minor == f->d.dev_minor;
}

static void look_at_socket(const struct proc_look *l, struct proc_fd *f)
{
	int copy = copy_of(l, f->d.fd);
	bool told = copy >= 0 && is_same(copy, f);

	if (told) {
		f->sock = socket_facts(copy);
		f->state = socket_asked_state(&f->sock, copy);
	} else {
		told = netfiles_find(l->net, l->p, f->d.ino, &f->sock, &f->state);
	}
	if (copy >= 0)
		close(copy);
	if (told) {
		f->d.sock = &f->sock;
		f->d.have |= FDF_HAVE_SOCK;
	}
}

static void look_at_seals(const struct proc_look *l, struct proc_fd *f)
{
	int copy = copy_of(l, f->d.fd);

	if (copy >= 0 && is_same(copy, f))
		f->seals = fcntl(copy, F_GET_SEALS);
	if (copy >= 0)
		close(copy);
	f->d.reach.seals = (uint8_t)fdf_is_sealed(f->seals);
}

/* /dev/tty and /dev/console stand for another, which is asked through a copy. */
static void look_at_tty(const struct proc_look *l, struct proc_fd *f)
{
	enum { TTYAUX_MAJOR = 5, CONSOLE = 1 };
	uint32_t major = f->d.rdev_major, minor = f->d.rdev_minor;
	bool known = true;

	f->d.reach.own_tty = FDF_NO;
	if (f->d.type != FDF_CHR || f->d.status & O_PATH || !ttys_have(major, minor))
		return;
	if (major == TTYAUX_MAJOR && minor <= CONSOLE) {
		int copy = copy_of(l, f->d.fd);

		known = copy >= 0 && is_same(copy, f) && ttys_number(copy, &major, &minor);
		if (copy >= 0)
			close(copy);
	}
	f->tty = known && major == l->p->tty_major && minor == l->p->tty_minor ? TTY_CONTROLLING
									       : TTY_OTHER;
	f->d.reach.own_tty = !known ? FDF_NOT_KNOWN : f->tty == TTY_CONTROLLING ? FDF_YES : FDF_NO;
}

static void take_target(struct proc_fd *f, int handle)
{
	char link[40], target[PATH_MAX + 64]; /* " (deleted)" may stand behind a path */
	ssize_t n;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", handle);
	n = readlink(link, target, sizeof(target) - 1);
	target[n > 0 ? n : 0] = '\0';
	f->target = must_dup(target);
	f->d.target = fdf_str(f->target);
	if (n > 0)
		f->d.have |= FDF_HAVE_TARGET;
}

/* -1: a file system that answers no more leaves the type out. */
static int take_stat(const struct proc_look *l, struct proc_fd *f, int handle, struct statx *st)
{
	if (proc_stat(handle, "", st)) {
		l->t->unseen_error = errno;
		return -1;
	}
	f->d.have |= FDF_HAVE_TYPE;
	f->d.mode = st->stx_mode;
	f->d.dev_major = st->stx_dev_major;
	f->d.dev_minor = st->stx_dev_minor;
	f->d.ino = st->stx_ino;
	if (st->stx_mask & STATX_BTIME)
		f->born_ns = st->stx_btime.tv_sec * 1000000000 + st->stx_btime.tv_nsec;
	if (S_ISCHR(st->stx_mode) || S_ISBLK(st->stx_mode)) {
		f->d.rdev_major = st->stx_rdev_major;
		f->d.rdev_minor = st->stx_rdev_minor;
	}
	return 0;
}

bool proc_in_memory(int fd, unsigned long links)
{
	struct statfs fs;

	return !links && !fstatfs(fd, &fs) &&
	       fdf_type_in_memory((unsigned long)fs.f_type, fs.f_blocks);
}

static void look_at(const struct proc_look *l, struct proc_fd *f, int fd, int handle,
		    const struct info *i)
{
	struct statx st;

	*f = (struct proc_fd){ .seals = -1, .same = -1 };
	f->d = (struct fdf_fd){ .fd = fd,
				.have = FDF_HAVE_STATUS,
				.status = (uint32_t)(i->flags & ~O_CLOEXEC),
				.cloexec = i->flags & O_CLOEXEC };
	f->d.reach.locks = i->locks ? FDF_YES : FDF_NO;
	take_target(f, handle);
	if (take_stat(l, f, handle, &st))
		return;
	/* O_PATH of a socket's name in the file system is no socket. */
	if (S_ISSOCK(f->d.mode) && !(f->d.status & O_PATH))
		look_at_socket(l, f);
	f->d.type = (uint8_t)fdf_type_of(&f->d, proc_in_memory(handle, st.stx_nlink), f->d.target);
	if (f->d.type == FDF_MEMFD && !(f->d.status & O_PATH))
		look_at_seals(l, f);
	look_at_tty(l, f);
}

/*
 * A handle on what the number stands for: O_PATH takes hold of the file without opening it, so
 * that name, type and all else are of one file, whatever the number stands for meanwhile.
 */
static int handle_of(const struct proc_look *l, int fd)
{
	char file[80];

	snprintf(file, sizeof(file), "%s/fd/%d", l->base, fd);
	return openat(l->p->dir, file, O_PATH | O_CLOEXEC);
}

/* Is it on that file that the flags were read? */
static bool is_of(int handle, const struct info *i)
{
	struct info own;

	return !info_of(AT_FDCWD, "/proc/self", handle, &own) && own.ino == i->ino &&
	       own.mnt_id == i->mnt_id;
}

#define TRIES 100 /* a number that stands for another file each time is none that can be told */

enum proc_seen proc_fd_look(const struct proc_look *l, struct proc_fd *f, int fd, bool closing)
{
	for (int tries = 0; tries < TRIES; tries++) {
		struct info i;
		int handle;

		if (info_of(l->p->dir, l->base, fd, &i))
			return errno == ENOENT || errno == ESRCH ? SEEN_GONE : SEEN_NOT;
		if (i.flags & O_CLOEXEC && !closing)
			return SEEN_CLOSING;
		handle = handle_of(l, fd);
		if (handle < 0 && errno != ENOENT)
			return SEEN_NOT;
		if (handle < 0 || !is_of(handle, &i)) {
			if (handle >= 0)
				close(handle);
			continue;
		}
		look_at(l, f, fd, handle, &i);
		close(handle);
		return i.flags & O_CLOEXEC ? SEEN_CLOSING : SEEN;
	}
	errno = EAGAIN;
	return SEEN_NOT;
}
