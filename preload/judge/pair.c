/* pair.c: see pair.h. */
#include <stddef.h>

#include "preload/judge/pair.h"
#include "preload/raw/fdtab.h"
#include "preload/raw/libc.h"

#define S_FMT  0170000
#define S_FIFO 0010000
#define S_SOCK 0140000

static struct fdf_pair_end *end_of(struct fdf_fence *f, int fd)
{
	return fd < FDF_PAIR_FDS ? &f->pair_end[fd] : NULL;
}

/* Member by member: the whole at once costs as much as a system call, for size. */
static void remember(struct fdf_fence *f, int fd, int peer, bool cloexec)
{
	struct fdf_pair_end *e = &f->pair_end[fd];

	e->peer = peer;
	e->made = f->pairs.forks;
	e->closed = 0;
	e->closer = e->on_stdio = 0;
	e->cloexec = cloexec;
	e->ino = 0;
}

/* Sockets are two files. */
static void add_inode(struct fdf_fence *f, int fd)
{
	struct fdf_stat st;

	if (sys_fstat(fd, &st) == 0)
		f->pair_end[fd].ino = st.ino;
}

static void raise_last(struct fdf_fence *f, int fd)
{
	int last = fdf_pair_last(f);

	while (fd > last && !__atomic_compare_exchange_n(&f->pairs.last, &last, fd, true,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

void fdf_pair_made(struct fdf_fence *f, const int fd[2], bool socket, bool cloexec)
{
	int a = fd[0], b = fd[1];

	/* What a vfork child makes is not in its parent's table. */
	if (!f || a < 3 || b < 3 || a >= FDF_PAIR_FDS || b >= FDF_PAIR_FDS ||
	    (f->sharing.unsure && fdf_borrower(f)))
		return;
	remember(f, a, b, cloexec);
	remember(f, b, a, cloexec);
	if (socket) {
		add_inode(f, a);
		add_inode(f, b);
	}
	raise_last(f, a > b ? a : b);
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

static void forget(struct fdf_fence *f, unsigned fd)
{
	struct fdf_pair_end *e = &f->pair_end[fd];

	f->pair_end[e->peer].peer = 0;
	e->peer = 0;
}

/* The child does, in the memory of its parent, who still has both. */
__attribute__((noinline)) static void borrower_closes(struct fdf_fence *f, int fd, int child)
{
	int peer = f->pair_end[fd].peer;
	struct fdf_stat st;

	if (still(f, fd, peer, &st))
		f->pair_end[peer].closer = child;
}

/* A forked child does, of a pair that its parent made. */
__attribute__((noinline)) static void child_closes(struct fdf_fence *f, int fd)
{
	struct fdf_pair_end *e = &f->pair_end[fd];
	struct fdf_stat st;

	if (still(f, fd, e->peer, &st)) {
		f->pair_end[e->peer].closed = f->pairs.forks;
		e->peer = 0;
	} else {
		forget(f, (unsigned)fd);
	}
}

/* One end goes: the other one may stay, and be meant, unless it is the maker who closes. */
void fdf_pair_close(struct fdf_fence *f, unsigned first, unsigned last)
{
	for (unsigned fd = first; f && fd <= last && fd <= (unsigned)fdf_pair_last(f); fd++) {
		struct fdf_pair_end *e = &f->pair_end[fd];
		int child;

		if (!e->peer)
			continue;
		child = f->sharing.unsure ? fdf_borrower(f) : 0;
		if (FDF_RARE(child))
			borrower_closes(f, (int)fd, child);
		else if (FDF_RARE(!own(f, e)))
			child_closes(f, (int)fd);
		else
			forget(f, fd);
	}
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
