/*
 * fdtab.h: which descriptors are open, and what they are.  Raw system calls.
 *
 * All of it looks at the table of the calling task, which may be its private one.  Async-signal-safe; memory only on the stack or the caller's.
 */
#ifndef FDF_FDTAB_H
#define FDF_FDTAB_H

#include "preload/core/facts.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/sys.h"

/* Has the table so few?  False where the kernel does not tell. */
bool fdf_tab_smallest(void);

/*
 * The number of places in the table if there are at most 64 or 256; 0 if there are more or the
 * kernel does not tell.
 */
int fdf_tab_small(void);

/*
 * How many descriptors this task has open; 0: not known.  own: its table is that of its process, so
 * that the shorter way through /proc leads there too.
 */
unsigned fdf_tab_count(bool own);

/* Make the calling task's table its own.  0 or -errno. */
int fdf_tab_unshare(void);

/*
 * Call visit(arg, fd) for each open descriptor from 0 on, and for closed numbers between them, as
 * fdf_each() does, but at less cost where there is no gap.  own: as for fdf_tab_count().
 */
bool fdf_tab_each(bool own, fdf_visit *visit, void *arg);

/* ... for each number from first up to the end of a table of so many places.  False: FDF_DENIED. */
bool fdf_tab_each_place(int first, int places, fdf_visit *visit, void *arg);

/*
 * Call see(arg, fd) for each descriptor above 2 that is open and not close-on-exec, ascending.
 * own: as for fdf_tab_count().  see may change flags, close, and leave nothing open.  Returns false
 * if some might have been missed (raw/fdeach.h).
 */
bool fdf_tab_walk(bool own, void (*see)(void *arg, int fd), void *arg);

/* Tells files apart: of the file's device and number; never 0. */
static inline uint64_t fdf_file_id(const struct fdf_stat *st)
{
	return (st->ino ^ (uint64_t)st->dev_major << 52 ^ (uint64_t)st->dev_minor << 32) |
	       1ULL << 63;
}

/* The same for a descriptor; 0: fd is not open. */
uint64_t fdf_tab_file(int fd);

/* Tells eventfds from timerfds and so on, by what /proc calls them; 0: it does not say. */
uint32_t fdf_tab_kind(int fd);

/*
 * Fill in what `want` (FDF_HAVE_*) asks and can be had; d->fd is set, d->have must be 0.
 * The result points into *sock and target, where a NUL stands behind it.  Both may be NULL: then
 * nothing is asked of a socket, and no target is read.
 */
void fdf_tab_look(struct fdf_fd *d, unsigned want, struct fdf_sock *sock, char *target,
		  size_t target_cap);

#endif
