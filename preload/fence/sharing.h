/*
 * sharing.h: may this memory, or this table, be another process's too?
 *
 * A vfork child runs in its parent's memory: what it writes there is the parent's, unless it
 * knows that it only borrows.  The kernel would tell (kcmp), at a system call or two for each
 * question; so the calls that make such a child say so first, and until one was called nothing
 * is asked.  `unsure` only rises, but for the two places where it is clear that no such child
 * is left:
 *
 *     SURE ---- vfork(), _Fork() ----> STOPS
 *      | \                            /  |
 *      |  <--- one thread, and it runs   |
 *      |                                 |
 *      +-- clone() with CLONE_VM, or by syscall() --> RUNS
 *
 *     any of them ---- in the child of fork(): its memory is its own ----> SURE
 *
 * `owner` is the process that last left SURE: it asks the kernel nothing.
 * Written by entry/ before the call: clone() in C, vfork, _Fork and syscall in assembler.
 * All is async-signal-safe.
 */
#ifndef FDF_SHARING_H
#define FDF_SHARING_H

#include <stdbool.h>
#include <stdint.h>

#include "preload/core/bits.h"

struct fdf_fence;

enum fdf_unsure {
	FDF_SURE,
	FDF_STOPS, /* a child that shares this memory stops the thread that made it */
	FDF_RUNS,  /* ... or runs beside it */
};

struct fdf_sharing {
	int unsure; /* enum fdf_unsure */
	int owner;  /* the process that this memory belongs to, as far as is known */
	int shares; /* this process has made one that has the same table (CLONE_FILES), no thread */
};

enum fdf_gift {
	FDF_NO_GIFT,
	FDF_GIFT,
	FDF_ADDRESSED_GIFT, /* by LISTEN_FDS to this process, and to no child of it */
};

/* The file that stands at a number since the image was given it, or since it was moved there. */
struct fdf_given {
	uint64_t ino; /* 0: fstat is denied */
	uint32_t dev_major, dev_minor;
	int gift; /* enum fdf_gift; closed since: FDF_NO_GIFT */
	int fd;
	uint32_t kind; /* of anonymous inodes, which share one number: fdf_tab_kind() */
};

#define FDF_SLOTS    64	  /* vfork children that can hold acts of their own at once */
#define FDF_SLOT_FDS 1024 /* numbers that each of them can note; what does not fit counts for all */

#define FDF_SLOT_MOVES \
	8 /* given descriptors that each can have put elsewhere; more count as acts */

/* What one vfork child did; it must not be the parent's. */
struct fdf_slot {
	int pid;	/* atomic; 0: free */
	bool unwatched; /* the kernel does not zero pid when the child execs or ends */
	FDF_BITS(acts, FDF_SLOT_FDS);
	FDF_BITS(placed, FDF_SLOT_FDS);
	FDF_BITS(gone, FDF_SLOT_FDS);		/* of the parent's acts: closed by the child */
	FDF_BITS(dropped, FDF_SLOT_FDS);	/* ... and of what the parent was given */
	struct fdf_given moved[FDF_SLOT_MOVES]; /* something given, on numbers of the child's own */
};

/* Before a clone() with these CLONE_* flags. */
void fdf_sharing_clone(struct fdf_sharing *s, int flags);

/* In the child of fork(). */
void fdf_sharing_forked(struct fdf_sharing *s);

/* Is pid, the calling process, a vfork child that borrows this memory from its parent? */
bool fdf_borrowed(const struct fdf_fence *f, int pid);

/*
 * The number of the calling process if it is such a child, else 0.  Goes back to SURE where
 * that is clear.  Costs no system call where there cannot be one.
 */
int fdf_borrower(struct fdf_fence *f);

/* The slot of the vfork child pid; NULL: it has none. */
struct fdf_slot *fdf_slot_of(struct fdf_fence *f, int pid);
/* The same for the caller, taken if it has none yet; NULL: all are. */
struct fdf_slot *fdf_slot_take(struct fdf_fence *f, int pid);

#endif
