/* told.c: see told.h. */
#include <search.h>
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/commands/told.h"
#include "tools/report/pending.h"

struct told_fd {
	int fd;
	enum fdf_verdict verdict;
};

struct told_exec {
	struct pending exec; /* first: it is found by that */
	struct told_fd *fds;
	size_t nfds;
};

static int by_pid(const void *a, const void *b)
{
	pid_t x = ((const struct pending *)a)->pid, y = ((const struct pending *)b)->pid;

	return x < y ? -1 : x > y;
}

static void forget(void *exec)
{
	struct told_exec *e = exec;

	free(e->exec.exe);
	free(e->fds);
	free(e);
}

static bool knows(const struct told_exec *e, const struct rec_fd *f)
{
	for (size_t i = 0; i < e->nfds; i++)
		if (e->fds[i].fd == f->fd && e->fds[i].verdict == f->verdict)
			return true;
	return false;
}

static void take_out_known(const struct told_exec *e, struct rec *r)
{
	size_t n = 0;

	for (size_t i = 0; i < r->nfds; i++)
		if (!knows(e, &r->fds[i]))
			r->fds[n++] = r->fds[i];
	r->nfds = n;
}

static void remember(struct told_exec *e, const struct rec *r)
{
	e->exec.by = pending_teller(r);
	e->fds = reallocarray(e->fds, e->nfds + r->nfds + 1, sizeof(*e->fds));
	if (!e->fds)
		out_of_memory();
	for (size_t i = 0; i < r->nfds; i++)
		e->fds[e->nfds++] = (struct told_fd){ r->fds[i].fd, r->fds[i].verdict };
}

enum told_how told_before(struct told *t, pid_t pid, struct rec *r)
{
	struct pending key = { .pid = pid };
	void *node;
	struct told_exec *e;
	bool again;

	if (r->in_child) /* of children, whose own number nobody told */
		return TOLD_FIRST;
	node = tfind(&key, &t->execs, by_pid);
	e = node ? *(struct told_exec **)node : NULL;
	again = e && pending_again(&e->exec, r);
	if (e && !again) {
		tdelete(&key, &t->execs, by_pid);
		forget(e);
		e = NULL;
	}
	if (r->event != REC_EXEC)
		return TOLD_FIRST;
	if (!e) {
		e = must_alloc(sizeof(*e));
		*e = (struct told_exec){ .exec = { .pid = pid, .exe = must_dup(r->exe) } };
		if (!tsearch(e, &t->execs, by_pid))
			out_of_memory();
	}
	take_out_known(e, r);
	remember(e, r);
	if (!again)
		return TOLD_FIRST;
	return r->nfds || r->more || *r->inexact ? TOLD_MORE : TOLD_AGAIN;
}

void told_free(struct told *t)
{
	tdestroy(t->execs, forget);
}
