/*
 * programs.c: the tree of programs below which leaks came about.
 */
#include <stdlib.h>
#include <string.h>

#include "preload/core/hash.h"
#include "tools/base/base.h"
#include "tools/report/programs.h"

static size_t place(uint64_t hash)
{
	return (hash ^ hash >> 32) % PROGRAMS_PLACES;
}

struct program *programs_get(struct programs *all, struct program *parent, const char *path)
{
	struct program *above = parent ? parent : &all->root, *p;
	uint64_t hash = fdf_hash(parent ? parent->hash : FDF_HASH_START, path, strlen(path) + 1);
	size_t i = place(hash);

	while ((p = all->places[i]) &&
	       (p->hash != hash || p->parent != parent || strcmp(p->path, path) != 0))
		i = (i + 1) % PROGRAMS_PLACES;
	if (p)
		return p;
	if (all->n >= PROGRAMS_MAX) {
		all->lost++;
		return NULL;
	}
	all->n++;
	p = all->places[i] = must_alloc(sizeof(*p));
	*p = (struct program){ .parent = parent, .path = must_dup(path), .hash = hash };
	*(above->last ? &above->last->next : &above->child) = p;
	above->last = p;
	return p;
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
	size_t i = place(p->hash ^ c->hash);
	struct program_leak *l;

	while ((l = all->leak_places[i]) && (l->cause != c || l->of != p))
		i = (i + 1) % PROGRAMS_PLACES;
	if (!l && all->n >= PROGRAMS_MAX) {
		all->lost++;
		return;
	}
	if (!l) {
		all->n++;
		l = all->leak_places[i] = must_alloc(sizeof(*l));
		*l = (struct program_leak){ .of = p, .cause = c, .next = p->leaks };
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
