/*
 * born_acts.c: see born_acts.h.
 */
#include <errno.h>
#include <search.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/nodes.h"
#include "tools/supervise/born_acts.h"

#define ACTS_MIN 64 /* of an image; then those of processes that are gone are dropped */

struct act {
	struct born_fd f;
	pid_t pid; /* 0: of all processes of the image */
	unsigned sign;
	unsigned long long tick; /* since boot, as /proc/PID/stat counts them */
};

static unsigned long long now(void)
{
	static const unsigned long long ns = 1000000000;
	unsigned long long hz = (unsigned long long)sysconf(_SC_CLK_TCK);
	struct timespec t;

	clock_gettime(CLOCK_BOOTTIME, &t);
	return (unsigned long long)t.tv_sec * hz + (unsigned long long)t.tv_nsec * hz / ns;
}

static int order(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int by_pid(const void *one, const void *other)
{
	const struct act *a = one, *b = other;

	return order((uint64_t)a->pid, (uint64_t)b->pid);
}

/* By process first: so those of one stand together. */
static int compare(const void *one, const void *other)
{
	const struct act *a = one, *b = other;
	int r = by_pid(a, b);

	r = r ? r : order((uint64_t)a->f.fd, (uint64_t)b->f.fd);
	r = r ? r : order(a->f.ino, b->f.ino);
	return r ? r : order(a->f.dev, b->f.dev);
}

static void forget(struct born_acts *a, struct act *act)
{
	tdelete(act, &a->tree, compare);
	free(act);
	if (!--a->n)
		a->end = 0;
}

static bool is_gone(pid_t pid)
{
	return pid && kill(pid, 0) && errno == ESRCH;
}

static void sweep(struct born_acts *a)
{
	struct act **list = nodes_list(a->tree, a->n);

	for (size_t i = 0, n = a->n; i < n; i++)
		if (is_gone(list[i]->pid))
			forget(a, list[i]);
	free(list);
	a->sweep_at = a->n < ACTS_MIN ? ACTS_MIN : 2 * a->n;
}

void born_acts_add(struct born_acts *a, pid_t pid, unsigned sign, const struct born_fd *f)
{
	struct act *new = must_alloc(sizeof(*new));
	struct act **node;

	if (a->n >= a->sweep_at)
		sweep(a);
	*new = (struct act){ *f, pid, sign, now() };
	node = tsearch(new, &a->tree, compare);
	if (!node)
		out_of_memory();
	if (*node != new) {
		(*node)->sign = sign;
		(*node)->tick = new->tick;
		free(new);
		return;
	}
	a->n++;
	a->end = f->fd >= a->end ? f->fd + 1 : a->end;
}

static unsigned sign_of(const struct born_acts *a, pid_t pid, const struct born_fd *f)
{
	struct act key = { .f = *f, .pid = pid };
	struct act *const *node = tfind(&key, &a->tree, compare);

	return node ? (*node)->sign : 0;
}

unsigned born_acts_signs(const struct born_acts *a, pid_t pid, const struct born_fd *f)
{
	return a->n ? sign_of(a, 0, f) | sign_of(a, pid, f) : 0;
}

/* What is looked for. */
struct search {
	const struct born_fd *f;
	unsigned long long tick;
	unsigned signs;
};

static void search_one(const void *node, VISIT visit, void *search)
{
	const struct act *act = *(struct act *const *)node;
	struct search *s = search;

	if ((visit == postorder || visit == leaf) && act->tick <= s->tick &&
	    act->f.fd == s->f->fd && act->f.ino == s->f->ino && act->f.dev == s->f->dev)
		s->signs |= act->sign;
}

unsigned born_acts_before(const struct born_acts *a, unsigned long long tick,
			  const struct born_fd *f)
{
	struct search s = { f, tick, 0 };

	twalk_r(a->tree, search_one, &s);
	return s.signs;
}

void born_acts_drop(struct born_acts *a, pid_t pid)
{
	struct act key = { .pid = pid };
	struct act *const *node;

	while ((node = tfind(&key, &a->tree, by_pid)))
		forget(a, *node);
}

void born_acts_clear(struct born_acts *a)
{
	tdestroy(a->tree, free);
	*a = (struct born_acts){ 0 };
}
