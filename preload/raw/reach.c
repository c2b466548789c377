/* reach.c: see reach.h.  Runs in vfork children, helper tasks and signal handlers. */
#include <errno.h>
#include <linux/capability.h>
#include <linux/prctl.h>
#include <linux/securebits.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "preload/core/linux.h"
#include "preload/core/severity.h"
#include "preload/core/text.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/reach.h"
#include "preload/raw/sys.h"

#define MAY_READ  4 /* R_OK */
#define MAY_WRITE 2 /* W_OK */

/* Those that let files be opened against their mode: bits of a mask. */
static const uint8_t of_files[] = { CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH };

static uint32_t asked(int option, long first)
{
	uint32_t mask = 0;

	for (unsigned i = 0; i < sizeof of_files; i++)
		if (SYS3(__NR_prctl, option, first ? first : of_files[i],
			 first ? of_files[i] : 0) == 1)
			mask |= 1u << of_files[i];
	return mask;
}

/*
 * The capabilities that the new image gets are not those that the caller has (capabilities(7)): a
 * user other than root keeps the ambient ones alone, root gets what its bounding set holds.
 */
static void look_creds(struct fdf_creds *c)
{
	struct {
		uint32_t version;
		int pid;
	} who = { _LINUX_CAPABILITY_VERSION_3, 0 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	uint32_t all = 1u << CAP_DAC_OVERRIDE | 1u << CAP_DAC_READ_SEARCH, now, next;
	long real = SYS1(FDF_NR_GETUID, 0), user = SYS1(FDF_NR_GETEUID, 0);

	c->looked = true;
	if (c->set_id || real != user || SYS2(__NR_capget, &who, data) < 0)
		return;
	now = data[0].effective & all;
	if (user == 0 && !(SYS1(__NR_prctl, PR_GET_SECUREBITS) & SECBIT_NOROOT))
		next = asked(PR_CAPBSET_READ, 0) | (data[0].inheritable & all);
	else
		next = asked(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET);
	c->yes = !(now & ~next);
	c->no = !(next & ~now);
}

static uint8_t answer(const struct fdf_creds *c, bool may, bool may_not)
{
	return may && c->yes ? FDF_YES : may_not && c->no ? FDF_NO : FDF_NOT_KNOWN;
}

/* EPERM is what filters of containers say to a call that they do not know. */
static uint8_t may_open(const struct fdf_fd *d, const struct fdf_creds *c, int how)
{
	int r = (int)SYS4(__NR_faccessat2, d->fd, "", how, AT_EMPTY_PATH | AT_EACCESS);

	return answer(c, r == 0, r == -EACCES);
}

static bool is_deleted(struct fdf_str target)
{
	return fdf_stored(target).len != target.len;
}

/* Does the name lead to this file, from the root that the new image will have, too? */
static void look_name(struct fdf_fd *d, const struct fdf_creds *c)
{
	struct fdf_stat st;
	int r;

	if (!(d->have & FDF_HAVE_TARGET) || d->target.s[0] != '/')
		return;
	r = sys_stat(AT_FDCWD, d->target.s, AT_SYMLINK_NOFOLLOW, &st);
	d->reach.passes = answer(c, r != -EACCES, r == -EACCES);
	if (r == 0 && st.ino == d->ino && st.dev_major == d->dev_major &&
	    st.dev_minor == d->dev_minor) {
		d->reach.finds = FDF_YES;
	} else if (is_deleted(d->target)) {
		/* Without a name it lies nowhere; but ".." of a directory leads on. */
		d->reach.finds = d->type == FDF_DIR ? FDF_NOT_KNOWN : FDF_YES;
		d->reach.passes = FDF_YES;
	} else if (r == 0 || r == -ENOENT || r == -ENOTDIR) {
		d->reach.finds = FDF_NO;
		d->reach.passes = FDF_YES;
	} else if (r == -EACCES) {
		d->reach.finds = FDF_YES; /* not asked that far: the way there says enough */
	}
}

/* proc(5), /proc/PID/fdinfo: a line for each lock that is held through the descriptor. */
static uint8_t holds_lock(int fd)
{
	static const char line[] = "\nlock:";
	char path[48], text[160]; /* the lines before the first lock have at most 90 bytes */
	struct fdf_text t = { .p = path, .end = path + sizeof path };
	ssize_t n = -1;
	int info;

	fdf_putf(&t, "/proc/thread-self/fdinfo/%u", fd);
	fdf_putc(&t, 0);
	info = sys_open(path, O_RDONLY | O_CLOEXEC);
	if (info >= 0) {
		n = sys_read(info, text, sizeof text);
		sys_close(info);
	}
	for (ssize_t i = 0; i + (ssize_t)sizeof line - 1 <= n; i++)
		if (fdf_str_eq((struct fdf_str){ text + i, sizeof line - 1 }, fdf_str(line)))
			return FDF_YES;
	return n > 0 ? FDF_NO : FDF_NOT_KNOWN;
}

/* Has the new image it anyway? */
static void look_own(struct fdf_fd *d)
{
	int session;

	for (int fd = 0; fd < 3 && d->reach.twin != FDF_YES; fd++) {
		struct fdf_fd std = { .fd = fd };

		fdf_tab_look(&std, FDF_HAVE_TYPE | FDF_HAVE_STATUS, NULL, NULL, 0);
		std.cloexec = sys_fcntl(fd, F_GETFD, 0) == FD_CLOEXEC;
		d->reach.twin = (uint8_t)fdf_is_twin(d, &std);
	}
	/* tty_ioctl(4): ENOTTY for any but the caller's own. */
	if (fdf_is_terminal(d))
		d->reach.own_tty =
			SYS3(__NR_ioctl, d->fd, TIOCGSID, &session) < 0 ? FDF_NO : FDF_YES;
}

void fdf_reach_look(struct fdf_fd *d, struct fdf_creds *c)
{
	bool writes = d->status & FDF_O_ACCMODE;

	d->have |= FDF_HAVE_REACH;
	if (d->type == FDF_MEMFD)
		d->reach.seals = (uint8_t)fdf_is_sealed(sys_fcntl(d->fd, F_GET_SEALS, 0));
	if (c->stays)
		look_own(d);
	if (d->type < FDF_FILE || d->type > FDF_FIFO || d->type == FDF_PIPE)
		return;
	if (!c->looked)
		look_creds(c);
	look_name(d, c);
	if (!(d->have & FDF_HAVE_STATUS) || d->status & FDF_O_PATH)
		return;
	if (writes)
		d->reach.writes = may_open(d, c, MAY_WRITE);
	if ((d->status & FDF_O_ACCMODE) != O_WRONLY)
		d->reach.reads = may_open(d, c, MAY_READ);
	if (d->type == FDF_FILE && !writes)
		d->reach.locks = holds_lock(d->fd);
}
