/*
 * severity.h: how bad it is that a program which was not meant to holds a descriptor.
 *
 * One function for every producer of records, over the facts of the descriptor and over what is
 * known of the new program's own credentials (struct fdf_reach).  What nobody looked at never makes
 * it less: it counts as the worse of what it may be, or the answer says "at least".
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_SEVERITY_H
#define FDF_SEVERITY_H

#include "preload/core/facts.h"

enum fdf_level { FDF_LOW, FDF_MEDIUM, FDF_HIGH, FDF_CRITICAL, FDF_LEVELS };

/* Why: each stands for one level (severity.c).  The names are part of the record format. */
enum fdf_danger {
	FDF_DANGER_NONE, /* no answer */
	FDF_OUTSIDE,	 /* not in its root, or not in its mount namespace */
	FDF_UNREACHABLE, /* behind a directory that it may not pass */
	FDF_UNWRITABLE,	 /* open for writing, and its own credentials may not */
	FDF_UNREADABLE,	 /* open for reading, and its own credentials may not */
	FDF_LISTENS,
	FDF_CONNECTED,
	FDF_BOUND, /* a socket that takes what is sent to its address */
	FDF_RAW_SOCKET,
	FDF_ANY_SOCKET, /* nobody asked it */
	FDF_TERMINAL,
	FDF_DEVICE,
	FDF_BPF,
	FDF_IO_URING,
	FDF_USERFAULTFD,
	FDF_KERNEL, /* perf, kvm, seccomp, fanotify ... */
	FDF_NAMESPACE,
	FDF_MEMORY, /* memfd that is not sealed */
	FDF_WRITES,
	FDF_PRIVATE, /* a file for reading that not anyone may read */
	FDF_LOCKS,
	FDF_DIRECTORY,
	FDF_PIPE_READER,
	FDF_PIPE_WRITER,
	FDF_SEALED_MEMORY,
	FDF_IDLE_SOCKET,
	FDF_OBJECT, /* eventfd, epoll, pidfd ... */
	FDF_UNSEEN, /* not known what it is */
	FDF_READS,  /* a file that anyone may read */
	FDF_READS_OWN,
	FDF_HANDLE, /* O_PATH */
	FDF_HARMLESS,
	FDF_TWIN,    /* of its own 0, 1 or 2 */
	FDF_OWN_TTY, /* it may open /dev/tty */
	FDF_DANGERS
};

struct fdf_severity {
	uint8_t level;	/* enum fdf_level */
	uint8_t danger; /* enum fdf_danger */
	bool at_least;	/* something was not looked at that may make it worse */
};

/* Of d as far as d->have says, and of d->reach. */
struct fdf_severity fdf_severity_of(const struct fdf_fd *d);

/* Of a memory file: is it sealed against writing?  seals: of F_GET_SEALS; below 0: not known. */
enum fdf_answer fdf_is_sealed(int seals);

/* What may control a session: not the end that whoever shows it has (/dev/ptmx). */
bool fdf_is_terminal(const struct fdf_fd *d);

/*
 * Does std, one of the new program's own 0, 1 and 2, give it all that d does?  Of both: type, status,
 * device and inode; std->cloexec: it has it not.  Where the inode is that of many, as of /dev/ptmx and of anon_inode, it is no.
 */
enum fdf_answer fdf_is_twin(const struct fdf_fd *d, const struct fdf_fd *std);

const char *fdf_level_name(enum fdf_level l);	/* "low" "medium" "high" "critical" */
const char *fdf_danger_name(enum fdf_danger d); /* "outside-root" ...; "" for FDF_DANGER_NONE */
const char *fdf_danger_text(enum fdf_danger d); /* one line about it, without full stop */

/* -1, FDF_DANGER_NONE: no such name. */
int fdf_level_from(struct fdf_str name);
enum fdf_danger fdf_danger_from(struct fdf_str name);

/* The level that a danger stands for. */
enum fdf_level fdf_danger_level(enum fdf_danger d);

#endif
