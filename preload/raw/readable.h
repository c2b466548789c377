/*
 * readable.h: may what a caller passes be read?  The kernel answers a bad pointer with EFAULT, and
 * so must a hook that reads before the kernel does.
 *
 * The kernel is asked, once a page, by a system call that reads its argument and does nothing
 * (rt_sigprocmask with no such way).  Async-signal-safe.  A page that another thread unmaps
 * in between is its own affair, as it would be in libc.
 */
#ifndef FDF_READABLE_H
#define FDF_READABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is known already; zero to begin with. */
struct fdf_readable {
	uintptr_t page[4]; /* the addresses of pages found readable, or 0 */
	unsigned next;
};

/* A string, with its end. */
bool fdf_readable_text(struct fdf_readable *r, const char *s);

/* The length of a string that has been found readable. */
size_t fdf_text_len(const char *s);

/* A NULL-terminated vector and its strings; NULL is one without any. */
bool fdf_readable_vector(struct fdf_readable *r, char *const *v);

#endif
