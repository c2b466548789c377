/* given.c: see given.h. */
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
	else if (g->n < g->cap && sys_fstat(fd, &st) == 0)
		g->to[g->n++] = (struct fdf_given){ fd, st.dev_major, st.dev_minor, st.ino };
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

bool fdf_is_given(const struct fdf_fence *f, int fd)
{
	int low = 0, high = f->ngiven;
	struct fdf_stat st;

	while (low < high) {
		int mid = (low + high) / 2;
		const struct fdf_given *g = &f->given[mid];

		/* where a filter lets nobody ask, the number has to do */
		if (g->fd == fd)
			return sys_fstat(fd, &st) != 0 ||
			       (st.ino == g->ino && st.dev_major == g->dev_major &&
				st.dev_minor == g->dev_minor);
		if (g->fd < fd)
			low = mid + 1;
		else
			high = mid;
	}
	return f->all_given;
}
