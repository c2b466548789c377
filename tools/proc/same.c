/*
 * same.c: see same.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/same.h"

/* One number that might be the same open file as others; or a thread, whose table might be. */
struct candidate {
	int number;
	uint32_t major, minor;
	uint64_t ino;
	int *same; /* the lowest that is; NULL: nobody asks */
};

static int by_file(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->ino != y->ino)
		return x->ino < y->ino ? -1 : 1;
	if (x->minor != y->minor)
		return x->minor < y->minor ? -1 : 1;
	if (x->major != y->major)
		return x->major < y->major ? -1 : 1;
	return x->number < y->number ? -1 : x->number > y->number;
}

/*
 * The order of the kernel, of numbers of that thread, or of threads; with it a sort puts what is one side
 * by side.  An error (a number was closed meanwhile) only spoils the order: what is called the same was
 * said to be.
 */
static int in_order(pid_t tid, const struct candidate *a, const struct candidate *b)
{
	long r = tid ? syscall(SYS_kcmp, tid, tid, KCMP_FILE, a->number, b->number)
		     : syscall(SYS_kcmp, a->number, b->number, KCMP_FILES, 0, 0);

	return r == 0 ? 0 : r == 1 ? -1 : 1;
}

/* Merge sort, which no answer leads astray. */
static void sort_run(pid_t tid, struct candidate *c, struct candidate *aside, size_t n)
{
	size_t half = n / 2, i = 0, k = half, to = 0;

	if (n < 2)
		return;
	sort_run(tid, c, aside, half);
	sort_run(tid, c + half, aside, n - half);
	while (i < half && k < n)
		aside[to++] = in_order(tid, &c[i], &c[k]) <= 0 ? c[i++] : c[k++];
	memcpy(aside + to, c + i, (half - i) * sizeof(*c));
	memcpy(c, aside, (to + half - i) * sizeof(*c));
}

/* n candidates of one inode, or n threads, with tid 0. */
static void mark_run(pid_t tid, struct candidate *c, struct candidate *aside, size_t n)
{
	size_t from = 0, i, k;

	sort_run(tid, c, aside, n);
	for (i = 1; i <= n; i++) {
		int lowest = c[from].number;

		if (i < n && !in_order(tid, &c[i - 1], &c[i]))
			continue;
		for (k = from; k < i; k++)
			lowest = c[k].number < lowest ? c[k].number : lowest;
		for (k = from; k < i; k++)
			if (c[k].same && c[k].number != lowest)
				*c[k].same = lowest;
		from = i;
	}
}

static size_t candidates(struct candidate *c, int dir, const char *fds, struct proc_fd *fd,
			 size_t n)
{
	size_t to = 0;

	for (int stdio = 0; stdio < 3; stdio++) {
		char file[64];
		struct statx st;

		snprintf(file, sizeof(file), "%s/%d", fds, stdio);
		if (!proc_stat(dir, file, &st))
			c[to++] = (struct candidate){ stdio, st.stx_dev_major, st.stx_dev_minor,
						      st.stx_ino, NULL };
	}
	for (size_t i = 0; i < n; i++)
		if (fd[i].d.have & FDF_HAVE_TYPE)
			c[to++] = (struct candidate){ fd[i].d.fd, fd[i].d.dev_major,
						      fd[i].d.dev_minor, fd[i].d.ino, &fd[i].same };
	return to;
}

static int compare_tables(pid_t a, pid_t b)
{
	return (int)syscall(SYS_kcmp, a, b, KCMP_FILES, 0, 0);
}

ssize_t same_tables(int *tids, size_t n)
{
	struct candidate *c, *aside;
	size_t others = 0, kept = 0;
	int *same;

	if (compare_tables(tids[0], tids[0]) < 0 && errno != ESRCH)
		return -1;
	c = must_alloc(n * sizeof(*c));
	aside = must_alloc(n * sizeof(*aside));
	same = must_alloc(n * sizeof(*same));
	for (size_t i = 0; i < n; i++) {
		same[i] = -1;
		if (!i)
			continue;
		if (!compare_tables(tids[0], tids[i])) /* as a rule */
			same[i] = tids[0];
		else
			c[others++] = (struct candidate){ .number = tids[i], .same = &same[i] };
	}
	if (others)
		mark_run(0, c, aside, others);
	for (size_t i = 0; i < n; i++)
		if (same[i] < 0 && !compare_tables(tids[i], tids[i]))
			tids[kept++] = tids[i];
	free(c);
	free(aside);
	free(same);
	return (ssize_t)kept;
}

int same_files(pid_t tid, int dir, const char *fds, struct proc_fd *fd, size_t n)
{
	struct candidate *c, *aside;
	size_t from, i, all;

	if (!n)
		return 0;
	/* Of a number with itself: is there a kcmp, and for us? */
	if (syscall(SYS_kcmp, tid, tid, KCMP_FILE, fd[0].d.fd, fd[0].d.fd) < 0 && errno != EBADF)
		return -1;
	c = must_alloc((n + 3) * sizeof(*c));
	aside = must_alloc((n + 3) * sizeof(*aside));
	all = candidates(c, dir, fds, fd, n);
	qsort(c, all, sizeof(*c), by_file);
	for (from = 0, i = 1; i <= all; i++) {
		if (i < all && c[i].ino == c[from].ino && c[i].minor == c[from].minor &&
		    c[i].major == c[from].major)
			continue;
		if (i - from > 1)
			mark_run(tid, c + from, aside, i - from);
		from = i;
	}
	free(c);
	free(aside);
	return 0;
}
