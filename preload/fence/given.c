/* given.c: see given.h. */
#include <errno.h>

#include "preload/fence/given.h"
#include "preload/raw/fdtab.h"

struct giving {
	struct fdf_given *to; /* NULL: count only */
	int n, cap;
};

static void give(void *arg, int fd)
{
	struct giving *g = arg;
	struct fdf_stat st;

	if (!g->to)
		g->cap++;
	else if (g->n < g->cap && sys_fstat(fd, &st) != -EBADF)
		g->to[g->n++] = (struct fdf_given){ fd, false, st.dev_major, st.dev_minor, st.ino };
}

void fdf_given_read(struct fdf_fence *f)
{
	struct giving g = { NULL, 0, 0 };
	unsigned count = fdf_tab_count(true);

	fdf_tab_walk(count, give, &g);
	if (!g.cap)
		return;
	g.to = sys_mmap_anon((size_t)g.cap * sizeof *g.to);
	if (!g.to) { /* losing what was given would be worse than keeping more */
		f->all_given = true;
		return;
	}
	fdf_tab_walk(count, give, &g);
	f->given = g.to;
	f->ngiven = g.n;
}

/* The place of the first one at fd or above. */
static int place_of(const struct fdf_fence *f, unsigned fd)
{
	int low = 0, high = f->ngiven;

	while (low < high) {
		int mid = (low + high) / 2;

		if ((unsigned)f->given[mid].fd < fd)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

bool fdf_is_given(const struct fdf_fence *f, int fd)
{
	int at = place_of(f, (unsigned)fd);
	const struct fdf_given *g = &f->given[at];
	struct fdf_stat st;
	int r;

	if (fd < FDF_MOVED_FDS && fdf_bit_get(f->moved, fd))
		return true;
	if (at == f->ngiven || g->fd != fd)
		return f->all_given;
	if (g->gone)
		return false;
	r = sys_fstat(fd, &st);
	if (r < 0 || !g->ino) /* fstat is denied, or was: what hooks have seen has to do */
		return r != -EBADF;
	return st.ino == g->ino && st.dev_major == g->dev_major && st.dev_minor == g->dev_minor;
}

void fdf_given_close(struct fdf_fence *f, unsigned first, unsigned last)
{
	/* What a vfork child closes is still its parent's. */
	if (!f || !f->ngiven || fdf_borrower(f))
		return;
	for (int i = place_of(f, first); i < f->ngiven && (unsigned)f->given[i].fd <= last; i++)
		if (!f->given[i].gone) /* a forked child writes nothing in vain */
			f->given[i].gone = true;
	for (unsigned fd = first; fd <= last && fd < FDF_MOVED_FDS; fd++)
		if (fdf_bit_get(f->moved, (int)fd))
			fdf_bit_clear(f->moved, (int)fd);
}

bool fdf_given_move(struct fdf_fence *f, int from, int to)
{
	if (!f || !f->ngiven || to < 3 || to >= FDF_MOVED_FDS || fdf_borrower(f) ||
	    !fdf_is_given(f, from))
		return false;
	fdf_bit_set(f->moved, to);
	return true;
}
