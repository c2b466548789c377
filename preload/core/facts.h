/*
 * facts.h: what is known of one descriptor and of one exec.
 *
 * Plain data, filled by whoever looked (the shim, the tracer, the command) and
 * read by intent, policy and record.  Nothing here calls anything; every
 * pointer belongs to the one who filled it in and must outlive the call that
 * it is passed to.
 */
#ifndef FDF_FACTS_H
#define FDF_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that need not end in NUL and need not be UTF-8.  s may be NULL if len is 0. */
struct fdf_str {
	const char *s;
	size_t len;
};

/* The order is part of no ABI; the names in fdf_type_name() are (docs/record-format.md). */
enum fdf_type {
	FDF_UNKNOWN,  /* nobody looked, or the look failed */
	FDF_FILE,     /* regular file */
	FDF_DIR,      /* directory */
	FDF_CHR,      /* character device */
	FDF_BLK,      /* block device */
	FDF_LINK,     /* symbolic link, held with O_PATH */
	FDF_PIPE,     /* anonymous pipe */
	FDF_FIFO,     /* named pipe */
	FDF_SOCKET,   /* socket that does not listen */
	FDF_LISTENER, /* socket that listens */
	FDF_MEMFD,    /* memfd_create(2) */
	FDF_ANON,     /* anon_inode: epoll, eventfd, pidfd, io_uring ... */
	FDF_TYPES
};

/* Which members of struct fdf_fd hold something. */
enum fdf_have {
	FDF_HAVE_TYPE = 1,   /* type, mode, dev_*, ino */
	FDF_HAVE_STATUS = 2, /* status */
	FDF_HAVE_TARGET = 4, /* target */
	FDF_HAVE_SOCK = 8,   /* sock (type is FDF_SOCKET or FDF_LISTENER) */
	FDF_HAVE_REACH = 16, /* reach */
	/* It was looked at, and each user can open this file for reading by its path: every directory
	   lets others through, and it is not one of /proc, which asks who opens. */
	FDF_HAVE_PUBLIC = 32,
};

/* Signs of intent that the one who looked has found on the descriptor itself. */
enum fdf_sign {
	FDF_SIGN_GIVEN = 1,   /* open when this image started */
	FDF_SIGN_ACT = 2,     /* close-on-exec was cleared on purpose */
	FDF_SIGN_PLACED = 4,  /* dup2/dup3 by the child between fork and exec */
	FDF_SIGN_SPAWN = 8,   /* target of a spawn file action */
	FDF_SIGN_SCRIPT = 16, /* fexecve/execveat of a script: the interpreter opens it */
	FDF_SIGN_PAIR = 32, /* one end of a pair that was made for this very child (judge/pair.h) */
};

struct fdf_sock {
	int family;   /* AF_* */
	int type;     /* SOCK_* */
	int protocol; /* IPPROTO_* */
	bool listening;
	bool connected;		 /* has a peer */
	unsigned char local_len; /* bytes of a struct sockaddr, 0: none */
	unsigned char peer_len;
	unsigned char local[112] __attribute__((aligned(4)));
	unsigned char peer[112] __attribute__((aligned(4)));
};

enum fdf_answer { FDF_NOT_KNOWN, FDF_NO, FDF_YES };

/*
 * What the new program could do without this descriptor, with the credentials and the root that it
 * will have; enum fdf_answer each.  FDF_NOT_KNOWN: nobody looked.
 */
struct fdf_reach {
	uint8_t reads, writes; /* may it open the file so? */
	uint8_t passes;	       /* ... and pass the directories on the way? */
	uint8_t finds;	       /* does the name lead there from its root? */
	uint8_t locks;	       /* is a lock held through the descriptor? */
	uint8_t seals;	       /* memfd: is it sealed against writing? */
	uint8_t twin;	 /* has it the same as its 0, 1 or 2, and may it do as much with that? */
	uint8_t own_tty; /* is it the terminal that controls it? */
};

struct fdf_fd {
	int fd;		 /* number, >= 0 */
	uint8_t have;	 /* enum fdf_have */
	uint8_t sign;	 /* enum fdf_sign */
	uint8_t type;	 /* enum fdf_type */
	bool cloexec;	 /* was close-on-exec before anybody sealed it */
	uint32_t status; /* as F_GETFL: access mode, O_APPEND, O_PATH ... */
	uint32_t mode;	 /* st_mode */
	uint32_t dev_major, dev_minor;
	uint32_t rdev_major, rdev_minor; /* of FDF_CHR and FDF_BLK; 0, 0: not known */
	uint64_t ino;
	struct fdf_reach reach;
	struct fdf_str
		target; /* as /proc/PID/fd/N reads: a path, "pipe:[7]", "anon_inode:[eventpoll]" */
	const struct fdf_sock *sock;
	struct fdf_str origin; /* where it was opened, an object of JSON; empty: not known */
};

#define FDF_BEFORE_MAX 12

/* The variables whose whole value was a number above 2 when the image started. */
struct fdf_before {
	uint8_t n;
	bool more; /* ... than fit */
	struct {
		uint32_t name; /* a hash */
		int value;
	} var[FDF_BEFORE_MAX];
};

struct fdf_exec {
	const char *event;  /* "exec", "start", "failed": docs/record-format.md */
	const char *source; /* "shim", "trace", "supervisor", "command" */
	const char *entry;  /* entry point: "execve", "posix_spawn", "popen" ... */
	bool in_child;	    /* libc makes the exec in a child of pid, or in several */
	int64_t time_s;	    /* seconds since 1970-01-01 UTC */
	uint32_t time_ns;   /* 0..999999999 */
	struct fdf_str host, boot_id, comm;
	int32_t pid, tid, ppid;
	uint32_t uid, gid;  /* effective */
	struct fdf_str exe; /* the image that runs; empty: not known */
	struct fdf_str
		into;	   /* the image that is asked for, symbolic links resolved where possible */
	char *const *argv; /* NULL-terminated; may be NULL */
	char *const *envp; /* NULL-terminated; may be NULL; never recorded */
	bool same_image;   /* the process that started exe runs it again, or what took its place */
	struct fdf_str
		applet; /* which program exe is, where it is many in one: fdf_applet(); empty:
				  not known */
	const struct fdf_before *before; /* NULL: not known */
	int error;			 /* "failed" only: positive errno */
	unsigned part;			 /* records of this very exec before this one */
};

static inline bool fdf_str_eq(struct fdf_str a, struct fdf_str b)
{
	size_t i;

	for (i = 0; i < a.len && i < b.len && a.s[i] == b.s[i]; i++)
		;
	return i == a.len && i == b.len;
}

static inline struct fdf_str fdf_str(const char *s)
{
	struct fdf_str r = { s, 0 };

	while (s && s[r.len])
		r.len++;
	return r;
}

/* Reads decimal digits at *s and moves *s behind them; 0 where there are none, UINT32_MAX where
 * they come to that or to more. */
static inline uint32_t fdf_take_number(const char **s)
{
	uint32_t n = 0;

	for (; **s >= '0' && **s <= '9'; ++*s) {
		uint32_t digit = (uint32_t)(**s - '0');

		n = n > (UINT32_MAX - digit) / 10 ? UINT32_MAX : n * 10 + digit;
	}
	return n;
}

/* So many descriptors from 3 on LISTEN_FDS gives to the process that LISTEN_PID names, if that is
 * pid.  At most 65,535; 0 where one of the two is not set (NULL), or no number of those. */
static inline int fdf_addressed(const char *listen_fds, const char *listen_pid, int64_t pid)
{
	uint32_t n = listen_fds ? fdf_take_number(&listen_fds) : 0;
	uint32_t whose = listen_pid ? fdf_take_number(&listen_pid) : 0;

	if (!n || *listen_fds || n > INT32_MAX || !whose || *listen_pid || whose != pid)
		return 0;
	return n < 65535 ? (int)n : 65535;
}

/* Without what /proc/PID/exe says of a file that was replaced, by an upgrade say. */
static inline struct fdf_str fdf_stored(struct fdf_str path)
{
	static const char gone[] = " (deleted)";
	size_t len = sizeof gone - 1;

	if (path.len > len &&
	    fdf_str_eq((struct fdf_str){ path.s + path.len - len, len }, fdf_str(gone)))
		path.len -= len;
	return path;
}

/* What stands behind the last slash. */
static inline struct fdf_str fdf_base(struct fdf_str p)
{
	size_t i = p.len;

	while (i > 0 && p.s[i - 1] != '/')
		i--;
	return (struct fdf_str){ p.len ? p.s + i : p.s, p.len - i };
}

#endif
