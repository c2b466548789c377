/*
 * given.h: the descriptors that this image was started with.  Async-signal-safe but for
 * the reading, which maps memory.
 *
 * A number is given for as long as the file behind it is the one that stood there: closing drops
 * it, what moves it takes file and addressee along.  A vfork child has its own view of both, in its
 * slot (sharing.h).  Where nothing given stands at a number, no system call is made.
 */
#ifndef FDF_GIVEN_H
#define FDF_GIVEN_H

#include "preload/fence/fence.h"

/* Remember in f->given what is open above 2 and not close-on-exec.  At load only. */
void fdf_given_read(struct fdf_fence *f);

/* The first n from 3 on are for this process, and for no child of it.  At load only. */
void fdf_given_address(struct fdf_fence *f, unsigned n);

/* Is what stands at this number given?  child: the number of the caller if it is a vfork child,
 * else 0. */
enum fdf_gift fdf_gift_at(struct fdf_fence *f, int child, int fd);

/* first..last, both included, are closed: what comes there is another open file.  f may be NULL. */
void fdf_given_close(struct fdf_fence *f, unsigned first, unsigned last);

/* `to` is a new number for the open file at `from`.  False if that was given, and there is no room
 * to remember it. */
bool fdf_given_move(struct fdf_fence *f, int from, int to);

/* Nothing given stands above this number (0: nothing was given). */
static inline int fdf_given_last(const struct fdf_fence *f)
{
	return __atomic_load_n(&f->given_last, __ATOMIC_RELAXED);
}

/* What the process itself remembers of a number; NULL: nothing. */
static inline struct fdf_given *fdf_given_at(const struct fdf_fence *f, unsigned fd)
{
	return f->given && fd < (unsigned)f->given_room && f->given[fd].gift ? &f->given[fd] : NULL;
}

/* May fdf_given_close() of this number have anything to do? */
static inline bool fdf_given_matters(const struct fdf_fence *f, unsigned fd)
{
	return fd <= (unsigned)fdf_given_last(f) && (f->child_moved || fdf_given_at(f, fd));
}

#endif
