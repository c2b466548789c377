/*
 * procfds.c: see procfds.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "preload/core/hash.h"
#include "preload/core/severity.h"
#include "tools/base/base.h"
#include "tools/proc/procfd.h"
#include "tools/proc/procfds.h"
#include "tools/proc/same.h"

#ifndef PIDFD_THREAD
#define PIDFD_THREAD O_EXCL /* Linux 6.9 */
#endif

/* Once they stand where they stay: what nobody could tell is counted. */
static void settle(struct proc_table *t)
{
	for (size_t i = 0; i < t->n; i++) {
		struct proc_fd *f = &t->fds[i];
		bool by_path = f->d.status & O_PATH;

		if (f->d.have & FDF_HAVE_SOCK)
			f->d.sock = &f->sock;
		t->unseen += !(f->d.have & FDF_HAVE_TYPE);
		t->unnamed += f->d.type == FDF_SOCKET && !f->d.sock && !by_path;
		t->unsealed += f->d.type == FDF_MEMFD && f->seals < 0 && !by_path;
	}
}

static void look_at_numbers(struct proc_look *l, const int *list, size_t n, bool closing)
{
	struct proc_table *t = l->t;

	t->fds = must_alloc(n * sizeof(*t->fds));
	for (size_t i = 0; i < n; i++) {
		struct proc_fd f = { 0 };
		enum proc_seen seen;

		if (list[i] <= 2)
			continue;
		seen = proc_fd_look(l, &f, list[i], closing);
		if (seen == SEEN_NOT) {
			t->unseen_error = errno;
			t->unseen++;
		}
		t->closing += seen == SEEN_CLOSING;
		if (seen == SEEN || (seen == SEEN_CLOSING && closing))
			t->fds[t->n++] = f;
		else
			free(f.target);
	}
	settle(t);
}

/* Has it the same as its 0, 1 or 2? */
static void look_at_twins(struct proc_look *l)
{
	for (int n = 0; n < 3 && l->t->n; n++) {
		struct proc_fd std = { 0 };

		if (proc_fd_look(l, &std, n, false) == SEEN)
			for (size_t i = 0; i < l->t->n; i++)
				if (fdf_is_twin(&l->t->fds[i].d, &std.d) == FDF_YES)
					l->t->fds[i].d.reach.twin = FDF_YES;
		free(std.target);
	}
}

/* The pidfd of a thread, or -errno: its number is its own if it still belongs to the process afterwards. */
static int thread_pidfd(const struct pinned *p, pid_t tid)
{
	char file[32], text[16];
	int fd;

	if (tid == p->pid)
		return p->pidfd;
	fd = (int)syscall(SYS_pidfd_open, tid, PIDFD_THREAD);
	if (fd < 0)
		return -errno;
	snprintf(file, sizeof(file), "task/%d/comm", (int)tid);
	if (proc_read(p->dir, file, text, sizeof(text)) < 0) {
		close(fd);
		return -ESRCH;
	}
	return fd;
}

static int look_at_table(struct proc_table *t, const struct pinned *p, struct netfiles *net,
			 bool closing)
{
	struct proc_look l = { .p = p, .net = net, .t = t };
	char fds[64];
	int *list, err;
	ssize_t n;

	snprintf(l.base, sizeof(l.base), "task/%d", (int)t->tid);
	snprintf(fds, sizeof(fds), "%s/fd", l.base);
	n = proc_numbers(p->dir, fds, &list);
	if (n < 0)
		return -1;
	l.pidfd = thread_pidfd(p, t->tid);
	look_at_numbers(&l, list, (size_t)n, closing);
	look_at_twins(&l);
	err = t->unseen && !t->n && !t->closing ? t->unseen_error : 0;
	if (l.pidfd >= 0 && l.pidfd != p->pidfd)
		close(l.pidfd);
	free(list);
	if (err == EACCES || err == EPERM) { /* the numbers were shown, and nothing else */
		free(t->fds);
		errno = err;
		return -1;
	}
	t->not_compared = same_files(t->tid, p->dir, fds, t->fds, t->n) && errno != ESRCH;
	return 0;
}

/* Without kcmp(2): of the threads that have the same numbers open, leave one.  How many that are. */
static size_t same_numbers(const struct pinned *p, int *tids, size_t n)
{
	uint64_t *hashes = must_alloc(n * sizeof(*hashes));
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		char file[48];
		int *list;
		ssize_t open;
		size_t k = 0;

		snprintf(file, sizeof(file), "task/%d/fd", tids[i]);
		open = proc_numbers(p->dir, file, &list);
		hashes[kept] =
			fdf_hash(FDF_HASH_START, list, open > 0 ? (size_t)open * sizeof(*list) : 0);
		free(list);
		while (hashes[k] != hashes[kept])
			k++;
		if (k == kept)
			tids[kept++] = tids[i];
	}
	free(hashes);
	return kept;
}

/* One thread for each table, the first thread's first. */
static ssize_t find_tables(struct proc_tables *t, const struct pinned *p)
{
	size_t live = 0;
	int *tids;
	ssize_t n = proc_numbers(p->dir, "task", &tids), tables;

	if (n < 0)
		return -1;
	for (ssize_t i = 0; i < n; i++)
		if (n == 1 || pinned_has_thread(p, tids[i]))
			tids[live++] = tids[i];
	tables = live > 1 ? same_tables(tids, live) : (ssize_t)live;
	t->guessed = tables < 0;
	t->n = t->guessed ? same_numbers(p, tids, live) : (size_t)tables;
	t->table = must_alloc((t->n + 1) * sizeof(*t->table));
	for (size_t i = 0; i < t->n; i++)
		t->table[i].tid = tids[i];
	free(tids);
	return n;
}

static enum fate why_not(int err)
{
	errno = err;
	return err == ENOENT || err == ESRCH   ? FATE_ENDED
	       : err == EACCES || err == EPERM ? FATE_DENIED
					       : FATE_FAILED;
}

enum fate proc_tables_look(struct proc_tables *t, const struct pinned *p, struct netfiles *net,
			   bool closing)
{
	size_t i, seen = 0;
	int err = ENOENT;

	*t = (struct proc_tables){ 0 };
	if (find_tables(t, p) < 0)
		return why_not(errno);
	for (i = 0; i < t->n; i++) {
		struct proc_table one = { .tid = t->table[i].tid };

		if (look_at_table(&one, p, net, closing))
			err = errno;
		else
			t->table[seen++] = one;
	}
	t->ended = seen < t->n || !pinned_lives(p);
	t->n = seen;
	if (seen)
		return FATE_HERE;
	proc_tables_free(t);
	return why_not(err);
}

void proc_tables_free(struct proc_tables *t)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < t->table[i].n; k++)
			free(t->table[i].fds[k].target);
		free(t->table[i].fds);
	}
	free(t->table);
	*t = (struct proc_tables){ 0 };
}
