/*
 * programs.c: the tree of programs below which leaks came about.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/report/programs.h"

struct program *programs_get(struct programs *all, struct program *parent, const char *path)
{
	struct program **at = &(parent ? parent : &all->root)->child;

	while (*at && strcmp((*at)->path, path) != 0)
		at = &(*at)->next;
	if (*at)
		return *at;
	if (all->n >= PROGRAMS_MAX) {
		all->lost++;
		return NULL;
	}
	all->n++;
	*at = must_alloc(sizeof(**at));
	**at = (struct program){ .parent = parent, .path = must_dup(path) };
	return *at;
}

/* Its own program, or in a new child its parent's. */
static struct program *runs_now(struct programs *all, struct program *own, struct program *parents,
				const char *exe)
{
	if (own && !strcmp(own->path, exe))
		return own;
	if (parents && !strcmp(parents->path, exe))
		return parents;
	return programs_get(all, NULL, *exe ? exe : "?");
}

struct program *programs_exec(struct programs *all, struct program *own, struct program *parents,
			      const char *exe, const char *into)
{
	struct program *from = runs_now(all, own, parents, exe);
	struct program *to = from ? programs_get(all, from, *into ? into : "?") : NULL;

	if (to)
		to->execs++;
	return to;
}

void programs_leak(struct programs *all, struct program *p, struct cause *c, long n)
{
	struct program_leak *l = p->leaks;

	while (l && l->cause != c)
		l = l->next;
	if (!l && all->n >= PROGRAMS_MAX) {
		all->lost++;
		return;
	}
	if (!l) {
		all->n++;
		l = must_alloc(sizeof(*l));
		*l = (struct program_leak){ .cause = c, .next = p->leaks };
		p->leaks = l;
	}
	l->times += (unsigned long)n;
}

/* Without recursion: a hostile log may have made a chain as long as PROGRAMS_MAX. */
void programs_free(struct programs *all)
{
	struct program *todo = all->root.child;

	while (todo) {
		struct program *p = todo, *last = p->child;

		todo = p->next;
		while (last && last->next)
			last = last->next;
		if (last) {
			last->next = todo;
			todo = p->child;
		}
		while (p->leaks) {
			struct program_leak *l = p->leaks;

			p->leaks = l->next;
			free(l);
		}
		free(p->path);
		free(p);
	}
	*all = (struct programs){ 0 };
}
