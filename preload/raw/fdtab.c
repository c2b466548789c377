/* fdtab.c: see fdtab.h.  Runs in vfork children and signal handlers. */
#include <errno.h>
#include <linux/magic.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "preload/raw/fdtab.h"
#include "preload/core/bits.h"
#include "preload/core/hash.h"
#include "preload/core/socket.h"
#include "preload/core/text.h"
#include "preload/core/type.h"

#define SMALLEST FDF_SMALLEST_TABLE

bool fdf_tab_smallest(void)
{
	return fdf_tab_has_place(SMALLEST) == 0;
}

int fdf_tab_small(void)
{
	int r = fdf_tab_has_place(SMALLEST);

	if (r == 1)
		r = fdf_tab_has_place(256) == 0 ? 256 : 0;
	else
		r = r == 0 ? SMALLEST : 0;
	return r;
}

/* The size of the directory, since Linux 6.2 (fs/proc/fd.c, proc_fd_getattr()). */
unsigned fdf_tab_count(bool own)
{
	struct fdf_stat st;

	/* a directory that lies there without /proc has other permissions, and its size says nothing */
	return sys_stat(AT_FDCWD, own ? "/proc/self/fd" : "/proc/thread-self/fd", 0, &st) == 0 &&
			       st.mode == (S_IFDIR | S_IRUSR | S_IXUSR)
		       ? (unsigned)st.size
		       : 0;
}

/* close_range is tried first: container filters often deny unshare. */
int fdf_tab_unshare(void)
{
	int r = sys_close_range(~0u, ~0u, FDF_CLOSE_RANGE_UNSHARE);

	return r < 0 ? (int)SYS1(__NR_unshare, CLONE_FILES) : 0;
}

bool fdf_tab_each_place(int first, int places, fdf_visit *visit, void *arg)
{
	enum fdf_visited r = FDF_WAS_CLOSED;
	bool denied = false;

	for (int fd = first; fd < places && r != FDF_ENOUGH; fd++) {
		r = visit(arg, fd);
		denied |= r == FDF_DENIED;
	}
	return !denied;
}

/*
 * To try each place of the smallest table costs half of what a look into /proc does in a process that
 * is new, since that look makes its directories there.
 * A signal handler may open and close some meanwhile, so that neither the walk nor the count tells by
 * itself: those that lie close together are open before the count and behind it.
 */
bool fdf_tab_each(bool own, fdf_visit *visit, void *arg)
{
	int fd = 0, still = 0;
	enum fdf_visited r;

	while ((r = visit(arg, fd)) == FDF_WAS_OPEN)
		fd++;
	if (r == FDF_ENOUGH)
		return true;
	if (fd < SMALLEST && fdf_tab_smallest())
		return fdf_tab_each_place(fd + 1, SMALLEST, visit, arg) && r != FDF_DENIED;
	if (fd > 0 && fdf_tab_count(own) == (unsigned)fd)
		while (still < fd && sys_fcntl(still, F_GETFD, 0) >= 0)
			still++;
	if (fd > 0 && still == fd)
		return true;
	return fdf_each(fd + 1, FDF_FD_LAST, 0, visit, arg) && r != FDF_DENIED;
}

struct seen {
	void (*see)(void *arg, int fd);
	void *arg;
};

static enum fdf_visited see_inherited(void *arg, int fd)
{
	const struct seen *s = arg;
	int flags = sys_fcntl(fd, F_GETFD, 0);

	if (flags >= 0 && fd > 2 && !(flags & FD_CLOEXEC))
		s->see(s->arg, fd);
	return fdf_visited(flags);
}

bool fdf_tab_walk(bool own, void (*see)(void *arg, int fd), void *arg)
{
	struct seen s = { see, arg };

	return fdf_tab_each(own, see_inherited, &s);
}

uint64_t fdf_tab_file(int fd)
{
	struct fdf_stat st;

	return sys_fstat(fd, &st) < 0 ? 0 : fdf_file_id(&st);
}

static void look_sock(struct fdf_fd *d, struct fdf_sock *s)
{
	static const uint8_t opt[4] = { SO_ACCEPTCONN, SO_TYPE, SO_PROTOCOL, SO_DOMAIN };
	int v[4] = { 0 };
	unsigned len;

	for (int i = 0; i < 4; i++) {
		len = sizeof v[i];
		/* O_PATH of a socket's name in the file system is no socket. */
		if (SYS5(__NR_getsockopt, d->fd, SOL_SOCKET, opt[i], &v[i], &len) < 0)
			return;
	}
	*s = (struct fdf_sock){
		.listening = v[0] != 0, .type = v[1], .protocol = v[2], .family = v[3]
	};
	len = sizeof s->local;
	if (SYS3(__NR_getsockname, d->fd, s->local, &len) == 0)
		s->local_len = len < sizeof s->local ? (uint8_t)len : sizeof s->local;
	len = sizeof s->peer;
	if (SYS3(__NR_getpeername, d->fd, s->peer, &len) == 0)
		fdf_take_peer(s, len);
	d->sock = s;
	d->have |= FDF_HAVE_SOCK;
}

static ssize_t target_of(int fd, char *buf, size_t cap)
{
	char path[40];
	struct fdf_text m = { .p = path, .end = path + sizeof path };

	fdf_putf(&m, "/proc/thread-self/fd/%u", fd);
	fdf_putc(&m, 0);
	return sys_readlink(path, buf, cap);
}

/* What statfs(2) tells, of which the begin is looked at; only what is rare asks, since a caller's
 * stack may be small. */
struct fs {
	unsigned long type, block_size, blocks, rest[29];
};

static bool __attribute__((noinline)) in_memory(int fd)
{
	struct fs fs;

	return SYS2(__NR_fstatfs, fd, &fs) == 0 && fdf_type_in_memory(fs.type, fs.blocks);
}

uint32_t fdf_tab_kind(int fd)
{
	char name[64];
	ssize_t n = target_of(fd, name, sizeof name);

	return n > 0 ? fdf_hash32(FDF_HASH32_START, name, (size_t)n) : 0;
}

static void look_type(struct fdf_fd *d, struct fdf_sock *sock)
{
	char head[FDF_TYPE_NAME];
	struct fdf_str name = { head, 0 };
	struct fdf_stat st;
	bool memory;
	ssize_t n;

	if (sys_fstat(d->fd, &st) < 0)
		return;
	d->mode = st.mode;
	d->ino = st.ino;
	d->dev_major = st.dev_major;
	d->dev_minor = st.dev_minor;
	d->rdev_major = st.rdev_major;
	d->rdev_minor = st.rdev_minor;
	d->have |= FDF_HAVE_TYPE;
	if (sock && (st.mode & S_IFMT) == S_IFSOCK)
		look_sock(d, sock);
	memory = !st.nlink && (st.mode & S_IFMT) == S_IFREG && in_memory(d->fd);
	n = fdf_type_asks_name(d, memory) ? target_of(d->fd, head, sizeof head) : 0;
	name.len = n > 0 ? (size_t)n : 0;
	d->type = (uint8_t)fdf_type_of(d, memory, name);
}

/* Does a directory let others through? */
static bool lets_through(const char *path)
{
	struct fdf_stat st;

	return sys_stat(AT_FDCWD, path, 0, &st) == 0 && st.mode & S_IXOTH;
}

static bool __attribute__((noinline)) of_proc(int fd)
{
	struct fs fs;

	return SYS2(__NR_fstatfs, fd, &fs) < 0 || fs.type == PROC_SUPER_MAGIC;
}

/*
 * See FDF_HAVE_PUBLIC; what is not known, or has a long path, is not.  A function of its own, since
 * the caller's stack may be small, and few descriptors are named by a word.
 */
static bool __attribute__((noinline)) is_public(const struct fdf_fd *d)
{
	char path[512];
	ssize_t n = target_of(d->fd, path, sizeof path);
	struct fdf_stat st;

	if (n <= 0 || n == sizeof path || path[0] != '/' || !lets_through("/") || of_proc(d->fd))
		return false;
	path[n] = 0;
	for (ssize_t i = 1; i < n; i++) {
		bool through = true;

		if (path[i] == '/') {
			path[i] = 0;
			through = lets_through(path);
			path[i] = '/';
		}
		if (!through)
			return false;
	}
	return sys_stat(AT_FDCWD, path, 0, &st) == 0 && st.ino == d->ino &&
	       st.dev_major == d->dev_major && st.dev_minor == d->dev_minor;
}

void fdf_tab_look(struct fdf_fd *d, unsigned want, struct fdf_sock *sock, char *target,
		  size_t target_cap)
{
	if (want & (FDF_HAVE_TYPE | FDF_HAVE_SOCK))
		look_type(d, sock);
	if (want & FDF_HAVE_PUBLIC && d->type == FDF_FILE && is_public(d))
		d->have |= FDF_HAVE_PUBLIC;
	if (want & FDF_HAVE_STATUS) {
		int fl = sys_fcntl(d->fd, F_GETFL, 0);

		if (fl >= 0) {
			d->status = (uint32_t)fl;
			d->have |= FDF_HAVE_STATUS;
		}
	}
	if (target && (want & FDF_HAVE_TARGET)) {
		ssize_t n = target_of(d->fd, target, target_cap - 1);

		if (n > 0) {
			target[n] = 0;
			d->target = (struct fdf_str){ target, (size_t)n };
			d->have |= FDF_HAVE_TARGET;
		}
	}
}
