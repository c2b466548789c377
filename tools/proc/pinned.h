/*
 * pinned.h: one live process, pinned: what is asked of it is answered about it, or not at all,
 * and never about a process that got its number.
 *
 * The pin is the opened directory /proc/PID, which belongs to the process and not to the number,
 * and a pidfd (Linux 5.3; without one the directory alone).  What takes a number all the same
 * (kcmp(2), pidfd_open(2) of a thread) counts only if pinned_lives() says so afterwards: as long
 * as a process is there its number is its own.
 */
#ifndef FDF_PINNED_H
#define FDF_PINNED_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

enum fate {
	FATE_HERE,
	FATE_NONE,   /* there is no process of this number */
	FATE_THREAD, /* the number is that of a thread: ppid is the process it belongs to */
	FATE_HIDDEN, /* /proc does not show it: the option hidepid */
	FATE_DENIED, /* this user may not look */
	FATE_ENDED,  /* it was there, and is no more */
	FATE_ZOMBIE, /* it has ended, and its parent has not asked yet: no descriptors */
	FATE_KERNEL, /* a thread of the kernel: no descriptors */
	FATE_FAILED, /* errno says why */
};

struct pinned {
	pid_t pid;
	int pidfd; /* below 0: there is none, and this is why: -errno of pidfd_open(2) */
	int dir;   /* /proc/PID */
	pid_t ppid;
	uint32_t uid, gid; /* effective */
	char comm[64];
	uint64_t start; /* clock ticks since boot: with the number it names one process */
	uint32_t tty_major, tty_minor; /* its controlling terminal; 0:0: none */
	pid_t tid;		       /* a thread that lives; the first one as a rule */
};

/*
 * Pin a process and read who it is.  FATE_HERE, FATE_ZOMBIE and FATE_KERNEL leave it
 * pinned, pinned_close() lets go; else nothing is held.
 */
enum fate pinned_open(struct pinned *p, pid_t pid);
/* Read who it is now once more.  The fates of pinned_open(), and it stays pinned. */
enum fate pinned_renew(struct pinned *p);

void pinned_close(struct pinned *p);

/* Has nobody else got its number so far? */
bool pinned_lives(const struct pinned *p);

/* Is this one of its threads, and not ended? */
bool pinned_has_thread(const struct pinned *p, pid_t tid);

/* The image that it runs, as /proc/PID/exe reads; NULL with errno.  The caller frees. */
char *pinned_exe(const struct pinned *p);

/*
 * Is a file of this name, in whatever folder, mapped into it, one that has been replaced since then,
 * too?  False also if that cannot be told.
 */
bool pinned_maps(const struct pinned *p, const char *name);

/* The inode of a namespace ("mnt", "pid", "net"); 0: cannot be told. */
uint32_t pinned_namespace(const struct pinned *p, const char *name);

/*
 * NUL-separated text ("cmdline", "environ") as a vector, NULL-terminated, at most max bytes of it;
 * *cut says whether there is more.  NULL with errno.  The caller frees the vector, which is one
 * block.
 */
char **pinned_vector(const struct pinned *p, const char *file, size_t max, bool *cut);

/* A whole small file below it into text, cut at cap - 1 bytes and ended by NUL; -1 with errno. */
ssize_t proc_read(int dir, const char *file, char *text, size_t cap);

/*
 * What fstat(2) would tell of a file below dir, or with "" of dir itself; as far as it is known
 * here: the server of a network file system is not asked for what is new.  0, or -1 with errno.
 */
int proc_stat(int dir, const char *file, struct statx *st);

/*
 * Numbers of all entries of a directory at dir that are numbers, ascending; -1 with errno.  The
 * caller frees *list.
 */
ssize_t proc_numbers(int dir, const char *file, int **list);

#endif
