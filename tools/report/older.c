/*
 * older.c: leaks of older records, that newer ones are compared with.
 */
#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/report/finding.h"
#include "tools/report/older.h"

/* A leak of the older records. */
struct old {
	char *print;   /* finding_print() */
	char *message; /* finding_message() */
	struct fdf_severity worst;
	bool leaked; /* at least once; else it was sealed or the exec refused */
	bool seen;   /* in the newer ones, too */
};

static int by_print(const void *a, const void *b)
{
	return strcmp(((const struct old *)a)->print, ((const struct old *)b)->print);
}

bool older_take(void *ctx, const struct cause *c)
{
	struct older *all = ctx;
	struct old *o = must_alloc(sizeof(*o)), **node;

	*o = (struct old){ .print = finding_print(c),
			   .message = finding_message(c),
			   .worst = c->severity,
			   .leaked = c->outcome == LEAK_LEAKED };
	node = tsearch(o, &all->tree, by_print);
	if (!node)
		out_of_memory();
	all->n += *node == o;
	if (*node != o) {
		if (c->severity.level > (*node)->worst.level)
			(*node)->worst.level = c->severity.level;
		(*node)->leaked |= o->leaked;
		(*node)->worst.at_least |= c->severity.at_least;
		free(o->print);
		free(o->message);
		free(o);
	}
	return false;
}

bool older_knows(void *ctx, const struct cause *c)
{
	struct older *all = ctx;
	struct old like = { .print = finding_print(c) };
	struct old **node = tfind(&like, &all->tree, by_print);

	free(like.print);
	if (node)
		(*node)->seen = true;
	return node && !severity_exceeds(c->severity, (*node)->worst) &&
	       ((*node)->leaked || c->outcome != LEAK_LEAKED);
}

struct gone {
	char **list;
	size_t n;
};

static void add_gone(const void *node, VISIT visit, void *gone)
{
	const struct old *o = *(struct old *const *)node;
	struct gone *g = gone;

	if ((visit == postorder || visit == leaf) && !o->seen)
		g->list[g->n++] = o->message;
}

char **older_gone(const struct older *all)
{
	struct gone g = { .list = must_alloc((all->n + 1) * sizeof(char *)) };

	twalk_r(all->tree, add_gone, &g);
	return g.list;
}

static void free_old(void *old)
{
	struct old *o = old;

	free(o->print);
	free(o->message);
	free(o);
}

void older_free(struct older *all)
{
	tdestroy(all->tree, free_old);
	*all = (struct older){ 0 };
}
