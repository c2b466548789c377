/* seal.c: marks close-on-exec what was not meant, so that it can be undone. */
#include <errno.h>
#include <limits.h>

#include "preload/core/bits.h"
#include "preload/lib/fdfence.h"
#include "preload/lib/range.h"
#include "preload/lib/set.h"
#include "preload/raw/errno.h"
#include "preload/raw/fdeach.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

struct seal {
	struct fdf_set set;
	const int *keep;
	size_t nkeep;
	int error; /* 0 or negative */
};

static enum fdf_visited note(void *arg, int fd)
{
	struct seal *s = arg;
	int flags = sys_fcntl(fd, F_GETFD, 0);

	if (flags < 0)
		return fdf_visited(flags);
	if (!(flags & FD_CLOEXEC) && !fdf_range_has(s->keep, s->nkeep, fd))
		s->error = fdf_set_add(&s->set, fd);
	return s->error ? FDF_ENOUGH : FDF_WAS_OPEN;
}

/*
 * A call for each run of neighbours: what others have opened since then is left alone.  0, or
 * -EOPNOTSUPP at the first that may not be marked.
 */
static int mark(const struct fdf_set *s)
{
	int r = 0;

	for (size_t i = 0; i < s->n; i++) {
		unsigned long bits = s->block[i].bits;
		unsigned base = (unsigned)s->block[i].base;

		while (bits && r == 0) {
			unsigned from = (unsigned)__builtin_ctzl(bits);
			unsigned long above = ~(bits >> from); /* 0: ones up to the top */
			unsigned run = above ? (unsigned)__builtin_ctzl(above) : FDF_LONG_BITS;

			r = fdf_range_apply(base + from, base + from + run - 1, true);
			bits = from + run < FDF_LONG_BITS ? bits & ~0UL << (from + run) : 0;
		}
	}
	return r;
}

FDF_EXPORT int fdfence_seal(const int keep[], size_t nkeep, struct fdfence_undo undo[],
			    size_t nundo)
{
	struct seal s = { .set = { .block = undo, .room = nundo < INT_MAX ? nundo : INT_MAX },
			  .keep = keep,
			  .nkeep = nkeep };

	for (size_t i = 0; i < nkeep; i++)
		if (keep[i] < 0)
			return fdf_ret(-EINVAL);
	for (size_t i = 0; i < nkeep; i++) {
		enum fdf_visited r = fdf_visited(sys_fcntl(keep[i], F_GETFD, 0));

		if (r != FDF_WAS_OPEN)
			return fdf_ret(r == FDF_WAS_CLOSED ? -EBADF : -EOPNOTSUPP);
	}
	if (!fdf_each(3, FDF_FD_LAST, 0, note, &s))
		s.error = -EOPNOTSUPP;
	if (s.error)
		return fdf_ret(s.error);
	s.error = mark(&s.set);
	if (s.error) {
		fdfence_unseal(undo, (int)s.set.n);
		return fdf_ret(s.error);
	}
	return (int)s.set.n;
}

FDF_EXPORT void fdfence_unseal(const struct fdfence_undo undo[], int n)
{
	for (int i = 0; i < n; i++)
		for (unsigned long bits = undo[i].bits; bits; bits &= bits - 1)
			sys_fcntl((int)undo[i].base + __builtin_ctzl(bits), F_SETFD, 0);
}
