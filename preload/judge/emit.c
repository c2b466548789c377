/* emit.c: see emit.h.  Runs in vfork children, helper tasks and signal handlers. */
#include <errno.h>
#include <linux/keyctl.h>
#include <linux/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>

#include "preload/core/text.h"
#include "preload/raw/sys.h"
#include "preload/judge/emit.h"
#include "preload/fence/given.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/quiet.h"
#include "preload/judge/scratch.h"

/*
 * "@NAME": the abstract socket, which a chroot does not hide; where nobody has it, as in another
 * network namespace, the socket file of that name.
 */
static int connect_to(int fd, struct fdf_str name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	size_t len = offsetof(struct sockaddr_un, sun_path) + name.len;
	int r;

	if (name.len > sizeof to.sun_path)
		return -ENAMETOOLONG;
	for (size_t i = 1; i < name.len; i++)
		to.sun_path[i] = name.s[i];
	r = (int)SYS3(__NR_connect, fd, &to, len);
	if (r == 0 || name.s[1] != '/')
		return r;
	for (size_t i = 1; i < name.len; i++)
		to.sun_path[i - 1] = name.s[i];
	to.sun_path[name.len - 1] = 0;
	return (int)SYS3(__NR_connect, fd, &to, len);
}

static int open_socket(struct fdf_str name)
{
	struct {
		long s, us;
	} wait = { FDF_EMIT_WAIT_S, 0 };
	int fd = (int)SYS3(__NR_socket, AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), r;

	if (fd < 0)
		return fd;
	SYS5(__NR_setsockopt, fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	r = connect_to(fd, name);
	if (r < 0) {
		sys_close(fd);
		return r;
	}
	return fd;
}

/*
 * No way leads out: say so in the key that the collector has left in the session keyring, which
 * crosses every namespace and every chroot ("ERRNO EXE"; tools/records/collect.h).
 */
static void leave_word(struct fdf_fence *f, int error)
{
	char name[sizeof FDF_EMIT_KEY + sizeof(struct sockaddr_un)], word[FDF_EMIT_WORD];
	struct fdf_text n = { .p = name, .end = name + sizeof name };
	struct fdf_text w = { .p = word, .end = word + sizeof word };
	struct fdf_str to = f->set.log, exe = fdf_exe(f);
	long key;

	fdf_puts(&n, FDF_EMIT_KEY);
	fdf_put(&n, to.s + 1, to.len - 1);
	fdf_putc(&n, 0);
	key = SYS4(__NR_keyctl, KEYCTL_SEARCH, KEY_SPEC_SESSION_KEYRING, "user", name);
	fdf_putf(&w, "%u ", (unsigned)-error);
	fdf_put(&w, exe.s, exe.len < FDF_EMIT_WORD - 16 ? exe.len : FDF_EMIT_WORD - 16);
	if (key > 0)
		SYS4(__NR_keyctl, KEYCTL_UPDATE, key, word, w.p - word);
}

/*
 * The log holds arguments: a new one is its owner's alone, and a link that somebody else put there
 * is not followed.  A fifo is opened for reading too: a reader that goes away must not send the
 * host SIGPIPE.
 */
static int open_file(const char *path)
{
	struct fdf_stat st;
	int flags =
		O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW | O_LARGEFILE;
	bool fifo = sys_stat(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &st) == 0 && S_ISFIFO(st.mode);

	return (int)SYS4(__NR_openat, AT_FDCWD, path, flags | (fifo ? O_RDWR : O_WRONLY), 0600);
}

/* 0, or -errno. */
static int hand_on(const struct fdf_settings *set, const char *buf, size_t len)
{
	struct fdf_str to = set->log, key = set->log_key;
	bool socket = to.s[0] == '@';
	struct iovec v[2] = { { (char *)key.s, socket ? key.len : 0 }, { (char *)buf, len } };
	int fd = socket ? open_socket(to) : open_file(to.s);
	size_t all = v[0].iov_len + len;
	ssize_t n;

	if (fd < 0)
		return fd;
	n = fdf_write_quietly(fd, v, 2);
	if (n > 0 && (size_t)n < all &&
	    !socket) /* torn by a full disk: end its line, if that fits */
		fdf_write_quietly(fd, &(struct iovec){ "\n", 1 }, 1);
	sys_close(fd);
	return n < 0 ? (int)n : (size_t)n == all ? 0 : -ENOSPC;
}

void fdf_emit(struct fdf_fence *f, struct fdf_record *r, const char *inexact)
{
	unsigned dropped = __atomic_exchange_n(&f->dropped, 0, __ATOMIC_RELAXED);
	size_t len = fdf_record_end(r, dropped, inexact);
	int error = hand_on(&f->set, r->buf, len);

	if (!error)
		return;
	__atomic_fetch_add(&f->dropped, dropped + 1, __ATOMIC_RELAXED);
	if (f->set.log_key.len)
		leave_word(f, error);
}

void fdf_emit_fill(struct fdf_fence *f, struct fdf_exec *x, struct fdf_who *who)
{
	struct {
		char sys[65], node[65], rel[65], ver[65], mach[65], domain[65];
	} uts;
	int64_t ns;
	int fd;

	sys_clock(CLOCK_REALTIME, &x->time_s, &ns);
	x->time_ns = (uint32_t)ns;
	x->source = "shim";
	x->exe = fdf_exe(f);
	x->pid = sys_getpid();
	x->tid = sys_gettid();
	x->ppid = (int)SYS1(__NR_getppid, 0);
	x->uid = (uint32_t)SYS1(FDF_NR_GETEUID, 0);
	x->gid = (uint32_t)SYS1(FDF_NR_GETEGID, 0);
	if (SYS1(__NR_uname, &uts) == 0) {
		size_t n = 0;

		for (; uts.node[n]; n++)
			who->host[n] = uts.node[n];
		x->host = (struct fdf_str){ who->host, n };
	}
	if (SYS2(__NR_prctl, PR_GET_NAME, who->comm) == 0)
		x->comm = fdf_str(who->comm);
	fd = sys_open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
	if (fd >= 0) {
		ssize_t n = sys_read(fd, who->boot_id, FDF_BOOT_ID_LEN);

		sys_close(fd);
		if (n == FDF_BOOT_ID_LEN)
			x->boot_id = (struct fdf_str){ who->boot_id, FDF_BOOT_ID_LEN };
	}
}

static void add_given(struct fdf_record *r, int fd, struct fdf_scratch *scratch)
{
	struct fdf_fd d = { .fd = fd, .sign = FDF_SIGN_GIVEN };
	struct fdf_decision v = { .verdict = FDF_KEEP, .reason = FDF_BY_GIVEN };

	fdf_tab_look(&d, FDF_HAVE_TYPE | FDF_HAVE_STATUS | FDF_HAVE_TARGET | FDF_HAVE_SOCK,
		     &scratch->sock, scratch->target, sizeof scratch->target);
	fdf_record_fd(r, &d, &v);
}

void fdf_emit_start(struct fdf_fence *f)
{
	struct fdf_scratch *scratch = fdf_scratch_get(f, f->pid);
	struct fdf_exec x = { .event = "start" };
	struct fdf_record r;

	if (!scratch)
		return;
	r = (struct fdf_record){ .buf = scratch->record, .cap = sizeof scratch->record };
	fdf_emit_fill(f, &x, &scratch->who);
	fdf_record_begin(&r, &x);
	for (int fd = 3; fd <= fdf_given_last(f); fd++)
		if (f->given[fd].gift)
			add_given(&r, fd, scratch);
	fdf_emit(f, &r, NULL);
	fdf_scratch_put(f, scratch);
}
