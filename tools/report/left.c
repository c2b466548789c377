/*
 * left.c: see left.h.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/report/left.h"

void left_add(struct left **all, const struct rec *r, struct pending *exec)
{
	struct left *l = must_alloc(sizeof(*l));

	*l = (struct left){ .exec = exec,
			    .into = must_dup(r->into),
			    .parent = r->pid,
			    .again = !strcmp(r->entry, "wordexp") };
	while (*all)
		all = &(*all)->next;
	*all = l;
}

static void drop(struct left **at)
{
	struct left *l = *at;

	*at = l->next;
	free(l->into);
	free(l);
}

/*
 * A child whose parent has ended meanwhile is ours, or that of the first process of its namespace;
 * that first one sees no parent (0).
 */
static bool is_parent(const struct left *l, const struct rec *r)
{
	return r->ppid == l->parent ||
	       (l->exec && (r->ppid == 0 || r->ppid == 1 || r->ppid == getpid()));
}

static bool is_image(const struct left *l, const struct rec *r)
{
	return !strcmp(l->into, r->event == REC_START ? r->exe : r->into) ||
	       pending_starts(l->exec, r);
}

/* One that started before keeps its place for what the same parent starts again, once each image. */
static struct left **find(struct left **all, const struct rec *r, bool started)
{
	for (; *all; all = &(*all)->next)
		if (!(*all)->exec == started && is_parent(*all, r) && is_image(*all, r))
			return all;
	return NULL;
}

/* The image of the parent is gone, and with it what started more. */
static void forget_parent(struct left **all, long long parent)
{
	while (*all)
		if (!(*all)->exec && (*all)->parent == parent)
			drop(all);
		else
			all = &(*all)->next;
}

bool left_starts(struct left **all, const struct rec *r, struct pending **exec)
{
	struct left **at, **before;

	*exec = NULL;
	forget_parent(all, r->pid);
	before = find(all, r, true);
	at = find(all, r, false);
	if (!at)
		return before != NULL;
	*exec = (*at)->exec;
	(*at)->exec = NULL;
	if (before || !(*at)->again)
		drop(at);
	return true;
}

struct pending *left_take(struct left **all, const struct rec *r)
{
	struct pending *exec = NULL;

	while (*all && !exec) {
		struct left *l = *all;

		if (r && (!l->exec || l->parent != r->pid || strcmp(l->into, r->into) != 0)) {
			all = &l->next;
			continue;
		}
		exec = l->exec;
		drop(all);
	}
	return exec;
}

bool left_waits(const struct left *all)
{
	while (all && !all->exec)
		all = all->next;
	return all != NULL;
}
