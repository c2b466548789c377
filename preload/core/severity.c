/*
 * severity.c: see severity.h.  Part of the pure core: no allocation, nothing writable of its own,
 * no call out; runs in hooks, vfork children and signal handlers.
 */
#include "preload/core/linux.h"
#include "preload/core/names.h"
#include "preload/core/severity.h"

static const char levels[][9] = {
	[FDF_LOW] = "low", [FDF_MEDIUM] = "medium", [FDF_HIGH] = "high", [FDF_CRITICAL] = "critical"
};

static const struct {
	char name[17];
	uint8_t level;
} dangers[FDF_DANGERS] = {
	[FDF_OUTSIDE] = { "outside-root", FDF_CRITICAL },
	[FDF_UNREACHABLE] = { "unreachable", FDF_CRITICAL },
	[FDF_UNWRITABLE] = { "unwritable", FDF_CRITICAL },
	[FDF_UNREADABLE] = { "unreadable", FDF_CRITICAL },
	[FDF_LISTENS] = { "listener", FDF_HIGH },
	[FDF_CONNECTED] = { "connected", FDF_HIGH },
	[FDF_BOUND] = { "bound", FDF_HIGH },
	[FDF_RAW_SOCKET] = { "raw-socket", FDF_HIGH },
	[FDF_ANY_SOCKET] = { "socket", FDF_HIGH },
	[FDF_TERMINAL] = { "terminal", FDF_HIGH },
	[FDF_DEVICE] = { "device", FDF_HIGH },
	[FDF_BPF] = { "bpf", FDF_HIGH },
	[FDF_IO_URING] = { "io_uring", FDF_HIGH },
	[FDF_USERFAULTFD] = { "userfaultfd", FDF_HIGH },
	[FDF_KERNEL] = { "kernel-interface", FDF_HIGH },
	[FDF_NAMESPACE] = { "namespace", FDF_HIGH },
	[FDF_MEMORY] = { "memfd", FDF_HIGH },
	[FDF_WRITES] = { "writable", FDF_MEDIUM },
	[FDF_PRIVATE] = { "private", FDF_MEDIUM },
	[FDF_LOCKS] = { "lock", FDF_MEDIUM },
	[FDF_DIRECTORY] = { "directory", FDF_MEDIUM },
	[FDF_PIPE_READER] = { "pipe-reader", FDF_MEDIUM },
	[FDF_PIPE_WRITER] = { "pipe-writer", FDF_MEDIUM },
	[FDF_SEALED_MEMORY] = { "sealed-memfd", FDF_MEDIUM },
	[FDF_IDLE_SOCKET] = { "idle-socket", FDF_MEDIUM },
	[FDF_OBJECT] = { "object", FDF_MEDIUM },
	[FDF_UNSEEN] = { "unseen", FDF_MEDIUM },
	[FDF_READS] = { "world-readable", FDF_LOW },
	[FDF_READS_OWN] = { "readable", FDF_LOW },
	[FDF_HANDLE] = { "handle", FDF_LOW },
	[FDF_HARMLESS] = { "harmless", FDF_LOW },
	[FDF_TWIN] = { "twin", FDF_LOW },
	[FDF_OWN_TTY] = { "own-terminal", FDF_LOW },
};

/* Apart, since the shim has no use for them. */
static const char texts[FDF_DANGERS][76] = {
	[FDF_OUTSIDE] = "it lies outside the root or the mount namespace of the new program",
	[FDF_UNREACHABLE] = "it lies behind a directory that the new program may not pass",
	[FDF_UNWRITABLE] = "open for writing, and the new program by itself may not write it",
	[FDF_UNREADABLE] = "open for reading, and the new program by itself may not read it",
	[FDF_LISTENS] = "it can take connections, and keeps the address in use",
	[FDF_CONNECTED] = "it can speak on a connection that is another program's",
	[FDF_BOUND] = "it can take what is sent to the socket's address",
	[FDF_RAW_SOCKET] = "it can read and forge packets of the network",
	[FDF_ANY_SOCKET] = "a socket that could not be asked what it is",
	[FDF_TERMINAL] = "it can read and write another's terminal",
	[FDF_DEVICE] = "it can use a device",
	[FDF_BPF] = "it can change what a BPF program does in the kernel",
	[FDF_IO_URING] = "it can do input and output with the credentials of who made the ring",
	[FDF_USERFAULTFD] = "it can stop another program and change its memory",
	[FDF_KERNEL] = "an interface of the kernel that asks for privileges when it is opened",
	[FDF_NAMESPACE] = "it can enter a namespace of others",
	[FDF_MEMORY] = "it can change memory that others share",
	[FDF_WRITES] = "open for writing",
	[FDF_PRIVATE] = "open for reading, and not for anyone to read",
	[FDF_LOCKS] = "it holds a lock on the file for as long as it runs",
	[FDF_DIRECTORY] = "a way to all that lies below the directory",
	[FDF_PIPE_READER] =
		"it can take what another reads; the writer is not told when that is gone",
	[FDF_PIPE_WRITER] = "the reader does not see the end for as long as it runs",
	[FDF_SEALED_MEMORY] = "it can read memory that others share",
	[FDF_IDLE_SOCKET] = "a socket that is neither bound nor connected yet",
	[FDF_OBJECT] = "an object of the kernel that is another program's",
	[FDF_UNSEEN] = "it could not be seen what it is",
	[FDF_READS] = "open for reading, as it is for anyone",
	[FDF_READS_OWN] = "open for reading, and the new program by itself may read it",
	[FDF_HANDLE] = "a name of a file (O_PATH): to open it asks again",
	[FDF_HARMLESS] = "a device that everyone has",
	[FDF_TWIN] = "the new program has the same as its 0, 1 or 2",
	[FDF_OWN_TTY] = "the terminal that controls the new program, as /dev/tty does",
};

const char *fdf_level_name(enum fdf_level l)
{
	return FDF_NAME(levels, l);
}

const char *fdf_danger_name(enum fdf_danger d)
{
	return (unsigned)d < FDF_DANGERS ? dangers[d].name : "";
}

const char *fdf_danger_text(enum fdf_danger d)
{
	return (unsigned)d < FDF_DANGERS ? texts[d] : "";
}

enum fdf_level fdf_danger_level(enum fdf_danger d)
{
	return (unsigned)d < FDF_DANGERS ? (enum fdf_level)dangers[d].level : FDF_LOW;
}

int fdf_level_from(struct fdf_str name)
{
	return FDF_FIND(levels, name);
}

enum fdf_danger fdf_danger_from(struct fdf_str name)
{
	int i = fdf_find(dangers[0].name, sizeof dangers[0], FDF_COUNT(dangers), name);

	return i < 0 ? FDF_DANGER_NONE : (enum fdf_danger)i;
}

static bool starts(struct fdf_str s, const char *with)
{
	struct fdf_str w = fdf_str(with);

	return s.len >= w.len && fdf_str_eq((struct fdf_str){ s.s, w.len }, w);
}

/* Numbers of devices: Linux, Documentation/admin-guide/devices.txt. */
enum { MEM = 1, TTY = 4, TTY_AUX = 5, PTY_FIRST = 136, PTY_LAST = 143 };

/* null, zero, full, random, urandom */
static bool is_harmless(const struct fdf_fd *d)
{
	uint32_t n = d->rdev_minor;

	return d->type == FDF_CHR && d->rdev_major == MEM &&
	       (n == 3 || n == 5 || (n >= 7 && n <= 9));
}

/* The other end of a terminal: whoever opens it gets a new one. */
static bool is_ptmx(const struct fdf_fd *d)
{
	return d->rdev_major == TTY_AUX && d->rdev_minor == 2;
}

static enum fdf_danger of_device(const struct fdf_fd *d)
{
	uint32_t n = d->rdev_major;

	return d->type == FDF_CHR && (n == TTY || n == TTY_AUX || (n >= PTY_FIRST && n <= PTY_LAST))
		       ? FDF_TERMINAL
		       : FDF_DEVICE;
}

bool fdf_is_terminal(const struct fdf_fd *d)
{
	return d->type == FDF_CHR && of_device(d) == FDF_TERMINAL && !is_ptmx(d);
}

/* Bound to what?  An address of nothing but zeros is none (unix(7), ip(7)). */
static bool has_address(const struct fdf_sock *s)
{
	for (unsigned i = 2; i < s->local_len && i < sizeof s->local; i++)
		if (s->local[i])
			return true;
	return false;
}

static enum fdf_danger of_socket(const struct fdf_fd *d)
{
	enum { SOCKET_RAW = 3 }; /* include/linux/net.h */
	const struct fdf_sock *s = d->have & FDF_HAVE_SOCK ? d->sock : NULL;

	if (d->type == FDF_LISTENER)
		return FDF_LISTENS;
	if (!s)
		return FDF_ANY_SOCKET;
	/* Of netlink it is but another word for dgram (netlink(7)). */
	if (s->family == FDF_AF_PACKET || (s->type == SOCKET_RAW && s->family != FDF_AF_NETLINK))
		return FDF_RAW_SOCKET;
	if (s->connected)
		return FDF_CONNECTED;
	return has_address(s) ? FDF_BOUND : FDF_IDLE_SOCKET;
}

static enum fdf_danger of_anon(struct fdf_str target)
{
	static const struct {
		char name[12];
		uint8_t danger;
	} objects[] = {
		{ "bpf", FDF_BPF },	      { "btf", FDF_BPF },
		{ "io_uring", FDF_IO_URING }, { "userfaultfd", FDF_USERFAULTFD },
		{ "perf_event", FDF_KERNEL }, { "kvm", FDF_KERNEL },
		{ "seccomp", FDF_KERNEL },    { "fanotify", FDF_KERNEL },
		{ "fscontext", FDF_KERNEL },  { "vfio", FDF_KERNEL },
	};
	static const char anon[] = "anon_inode:";

	if (!starts(target, anon))
		return FDF_OBJECT;
	target.s += sizeof anon - 1;
	target.len -= sizeof anon - 1;
	if (starts(target, "[")) {
		target.s++;
		target.len--;
	}
	for (unsigned i = 0; i < FDF_COUNT(objects); i++)
		if (starts(target, objects[i].name))
			return (enum fdf_danger)objects[i].danger;
	return FDF_OBJECT;
}

/* What is asked of it: reading, writing; both where nobody looked. */
static bool reads(const struct fdf_fd *d)
{
	return !(d->have & FDF_HAVE_STATUS) || (d->status & FDF_O_ACCMODE) != 1;
}

static bool writes(const struct fdf_fd *d)
{
	return !(d->have & FDF_HAVE_STATUS) || (d->status & FDF_O_ACCMODE);
}

static bool is_handle(const struct fdf_fd *d)
{
	return d->have & FDF_HAVE_STATUS && d->status & FDF_O_PATH;
}

static enum fdf_danger of_file(const struct fdf_fd *d)
{
	if (d->have & FDF_HAVE_TARGET && d->target.len && d->target.s[0] != '/')
		return FDF_NAMESPACE; /* "net:[4026531840]" of nsfs */
	if (writes(d))
		return FDF_WRITES;
	if (d->reach.locks == FDF_YES)
		return FDF_LOCKS;
	if (d->mode & 4)
		return FDF_READS;
	return d->reach.reads == FDF_YES ? FDF_READS_OWN : FDF_PRIVATE;
}

enum fdf_answer fdf_is_sealed(int seals)
{
	return seals < 0					      ? FDF_NOT_KNOWN
	       : seals & (FDF_F_SEAL_WRITE | FDF_F_SEAL_FUTURE_WRITE) ? FDF_YES
								      : FDF_NO;
}

enum fdf_answer fdf_is_twin(const struct fdf_fd *d, const struct fdf_fd *std)
{
	bool seen = d->have & std->have & FDF_HAVE_TYPE && d->have & std->have & FDF_HAVE_STATUS;
	bool many = d->type == FDF_ANON || d->type == FDF_UNKNOWN || is_ptmx(d) ||
		    ((d->type == FDF_CHR || d->type == FDF_BLK) && of_device(d) == FDF_DEVICE);

	if (!seen)
		return FDF_NOT_KNOWN;
	return !many && !std->cloexec && d->type == std->type && d->ino == std->ino &&
			       d->dev_major == std->dev_major && d->dev_minor == std->dev_minor &&
			       !is_handle(std) && (!reads(d) || reads(std)) &&
			       (!writes(d) || writes(std))
		       ? FDF_YES
		       : FDF_NO;
}

/* What the new program could not have had by itself. */
static enum fdf_danger beyond(const struct fdf_fd *d)
{
	const struct fdf_reach *r = &d->reach;

	if (r->finds == FDF_NO)
		return FDF_OUTSIDE;
	if (r->passes == FDF_NO)
		return FDF_UNREACHABLE;
	if (is_handle(d))
		return FDF_DANGER_NONE;
	if (r->writes == FDF_NO && writes(d))
		return FDF_UNWRITABLE;
	return r->reads == FDF_NO && reads(d) ? FDF_UNREADABLE : FDF_DANGER_NONE;
}

/* Could an answer that is missing have made it worse? */
static bool is_open(const struct fdf_fd *d, enum fdf_danger danger)
{
	const struct fdf_reach *r = &d->reach;

	if (r->finds == FDF_NOT_KNOWN || r->passes == FDF_NOT_KNOWN)
		return true;
	if (is_handle(d))
		return false;
	return !(d->have & FDF_HAVE_STATUS) || (writes(d) && r->writes == FDF_NOT_KNOWN) ||
	       (reads(d) && r->reads == FDF_NOT_KNOWN) ||
	       (dangers[danger].level == FDF_LOW && r->locks == FDF_NOT_KNOWN);
}

static enum fdf_danger of_type(const struct fdf_fd *d)
{
	switch (d->type) {
	case FDF_DIR:
		return FDF_DIRECTORY;
	case FDF_FILE:
		return of_file(d);
	case FDF_CHR:
	case FDF_BLK:
		return of_device(d);
	case FDF_PIPE:
	case FDF_FIFO:
		return writes(d) ? FDF_PIPE_WRITER : FDF_PIPE_READER;
	case FDF_SOCKET:
	case FDF_LISTENER:
		return of_socket(d);
	case FDF_MEMFD:
		return d->reach.seals == FDF_YES ? FDF_SEALED_MEMORY : FDF_MEMORY;
	case FDF_ANON:
		return of_anon(d->target);
	default:
		return FDF_UNSEEN;
	}
}

static bool has_name(const struct fdf_fd *d)
{
	switch (d->type) {
	case FDF_FILE:
		return !(d->have & FDF_HAVE_TARGET) || !d->target.len || d->target.s[0] == '/';
	case FDF_DIR:
	case FDF_CHR:
	case FDF_BLK:
	case FDF_LINK:
	case FDF_FIFO:
		return true;
	default:
		return false;
	}
}

static struct fdf_severity is(enum fdf_danger danger, bool at_least)
{
	return (struct fdf_severity){ .level = dangers[danger].level,
				      .danger = (uint8_t)danger,
				      .at_least = at_least };
}

struct fdf_severity fdf_severity_of(const struct fdf_fd *d)
{
	enum fdf_danger danger;

	if (!(d->have & FDF_HAVE_TYPE) || d->type == FDF_UNKNOWN)
		return is(FDF_UNSEEN, true);
	if (is_harmless(d))
		return is(FDF_HARMLESS, false);
	if (d->reach.twin == FDF_YES)
		return is(FDF_TWIN, false);
	if (d->reach.own_tty == FDF_YES && fdf_is_terminal(d))
		return is(FDF_OWN_TTY, false);
	if (!has_name(d))
		return is(of_type(d), d->type == FDF_ANON && !(d->have & FDF_HAVE_TARGET));
	danger = beyond(d);
	if (danger != FDF_DANGER_NONE)
		return is(danger, false);
	danger = is_handle(d) && d->type != FDF_DIR ? FDF_HANDLE : of_type(d);
	return is(danger, is_open(d, danger));
}
