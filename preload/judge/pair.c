/* pair.c: see pair.h. */
#include <stddef.h>

#include "preload/judge/pair.h"
#include "preload/raw/fdtab.h"

#define S_FMT  0170000
#define S_FIFO 0010000
#define S_SOCK 0140000

static struct fdf_pair_end *end_of(struct fdf_fence *f, int fd)
{
	return fd < FDF_PAIR_FDS ? &f->pair_end[fd] : NULL;
}

int fdf_pair_last(const struct fdf_fence *f)
{
	return __atomic_load_n(&f->pairs.last, __ATOMIC_RELAXED);
}

void fdf_pair_made(struct fdf_fence *f, const int fd[2], bool socket, bool cloexec)
{
	int high = fd[0] > fd[1] ? fd[0] : fd[1], last;
	struct fdf_stat st;

	/* What a vfork child makes is not in its parent's table. */
	if (!f || fd[0] < 3 || fd[1] < 3 || high >= FDF_PAIR_FDS || fdf_borrower(f))
		return;
	for (int i = 0; i < 2; i++) {
		struct fdf_pair_end *e = &f->pair_end[fd[i]];

		/* one by one: the whole at once costs as much as a system call, for size */
		e->peer = fd[!i];
		e->made = f->pairs.forks;
		e->closed = 0;
		e->closer = e->on_stdio = 0;
		e->cloexec = cloexec;
		e->ino = socket && sys_fstat(fd[i], &st) == 0 ? st.ino : 0;
	}
	last = fdf_pair_last(f);
	while (high > last && !__atomic_compare_exchange_n(&f->pairs.last, &last, high, true,
							   __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* Are a and b still the two ends?  A pipe has one inode, a socket each its own. */
static bool still(const struct fdf_fence *f, int a, int b, struct fdf_stat *of_b)
{
	const struct fdf_pair_end *end = f->pair_end;
	struct fdf_stat st;

	if (sys_fstat(a, &st) < 0 || sys_fstat(b, of_b) < 0)
		return false;
	if ((st.mode & S_FMT) == S_FIFO)
		return (of_b->mode & S_FMT) == S_FIFO && st.ino == of_b->ino && !end[b].ino;
	return (st.mode & S_FMT) == S_SOCK && end[a].ino && st.ino == end[a].ino &&
	       of_b->ino == end[b].ino;
}

static bool own(const struct fdf_fence *f, const struct fdf_pair_end *e)
{
	return e->made >= f->pairs.base;
}

/* One end goes.  It is the other one that may stay, and be meant. */
static void closes(struct fdf_fence *f, int fd)
{
	struct fdf_pair_end *e = &f->pair_end[fd], *other = &f->pair_end[e->peer];
	int child = fdf_borrower(f);
	struct fdf_stat st;

	if (child) { /* the parent still has both */
		if (still(f, fd, e->peer, &st))
			other->closer = child;
		return;
	}
	/* Only what a forked child closes says something, not what the maker closes. */
	if (!own(f, e) && still(f, fd, e->peer, &st))
		other->closed = f->pairs.forks;
	else
		other->peer = 0;
	e->peer = 0;
}

void fdf_pair_close(struct fdf_fence *f, unsigned first, unsigned last)
{
	if (!f)
		return;
	for (unsigned fd = first; fd <= last && fd <= (unsigned)fdf_pair_last(f); fd++)
		if (f->pair_end[fd].peer)
			closes(f, (int)fd);
}

void fdf_pair_drop(struct fdf_fence *f, unsigned first, unsigned last)
{
	for (unsigned fd = first; f && fd <= last && fd <= (unsigned)fdf_pair_last(f); fd++)
		f->pair_end[fd].peer = 0;
}

void fdf_pair_forked(struct fdf_fence *f, bool in_child)
{
	if (!fdf_pair_last(f)) /* a child that only execs must have nothing to write */
		return;
	__atomic_fetch_add(&f->pairs.forks, 1, __ATOMIC_RELAXED);
	if (in_child)
		f->pairs.base = f->pairs.forks;
}

void fdf_pair_spawn_closes(struct fdf_fence *f, int child, int fd)
{
	struct fdf_pair_end *e = fd >= 0 ? end_of(f, fd) : NULL;
	struct fdf_stat st;

	if (e && e->peer && still(f, fd, e->peer, &st))
		f->pair_end[e->peer].closer = child;
}

void fdf_pair_spawn_places(struct fdf_fence *f, int child, int fd)
{
	struct fdf_pair_end *e = fd >= 0 ? end_of(f, fd) : NULL;

	if (e && e->peer)
		e->on_stdio = f->pair_end[e->peer].on_stdio = child;
}

/* Was the pair made since the last child before this one? */
static bool fresh(struct fdf_fence *f, const struct fdf_pair_end *e, int pid, bool borrows)
{
	struct fdf_pairs *p = &f->pairs;

	if (!borrows) /* the one that forked counted the fork, too */
		return e->made == p->forks || (p->forks == p->base && e->made + 1 == p->base);
	if (p->child != pid) {
		p->child = pid;
		p->child_forks = __atomic_fetch_add(&p->forks, 1, __ATOMIC_RELAXED);
	}
	return e->made == p->child_forks;
}

/* Does one of the standard streams lead to either end? */
static bool on_stdio(const struct fdf_fence *f, const struct fdf_pair_end *e, uint64_t ino)
{
	uint64_t peer = f->pair_end[e->peer].ino;
	struct fdf_stat st;

	for (int fd = 0; fd < 3; fd++)
		if (sys_fstat(fd, &st) == 0 && (st.ino == ino || (peer && st.ino == peer)))
			return true;
	return false;
}

bool fdf_pair_sign(struct fdf_fence *f, int pid, bool borrows, int fd, const unsigned long *seen)
{
	struct fdf_pair_end *e = fdf_pair_last(f) >= fd ? end_of(f, fd) : NULL;
	bool closed, is_fresh;
	struct fdf_stat st;
	int flags;

	if (!e || !e->peer)
		return false;
	is_fresh = fresh(f, e, pid, borrows);
	if (sys_fstat(fd, &st) < 0 || (st.mode & S_FMT) != (e->ino ? S_SOCK : S_FIFO) ||
	    (e->ino && st.ino != e->ino) || st.uid != (uint32_t)SYS1(FDF_NR_GETEUID, 0) ||
	    e->on_stdio == pid || on_stdio(f, e, st.ino))
		return false;
	closed = borrows ? e->closer == pid : e->closed && e->closed >= f->pairs.base;
	if (closed)
		return true;
	/* What this judgement itself has marked does not count. */
	flags = sys_fcntl(e->peer, F_GETFD, 0);
	return is_fresh && !e->cloexec && flags >= 0 && (flags & FD_CLOEXEC) &&
	       !fdf_bit_get(seen, e->peer) && f->pair_end[e->peer].peer == fd &&
	       still(f, e->peer, fd, &st);
}
