/*
 * parts.c: see parts.h.
 */
#include <search.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/hash.h"
#include "tools/base/base.h"
#include "tools/report/parts.h"

struct waiting {
	uint64_t id;   /* hash of part_of */
	uint64_t sum;  /* of the numbers of those that are there */
	uint64_t last; /* number of the last one; 0: that is not there yet */
};

static int by_id(const void *a, const void *b)
{
	const struct waiting *x = a, *y = b;

	return (x->id > y->id) - (x->id < y->id);
}

/* The one of this record; NULL: one too many. */
static struct waiting *find(struct parts *p, const struct rec *r)
{
	struct waiting key = { .id = fdf_hash(FDF_HASH_START, r->part_of, strlen(r->part_of)) };
	struct waiting *w, **found = tfind(&key, &p->root, by_id);

	if (found)
		return *found;
	if (p->waiting == PARTS_MAX)
		return NULL;
	w = must_alloc(sizeof(*w));
	*w = key;
	if (!tsearch(w, &p->root, by_id))
		out_of_memory();
	p->waiting++;
	return w;
}

void parts_note(struct parts *p, const struct rec *r)
{
	struct waiting *w = r->part ? find(p, r) : NULL;

	p->unknown += r->part == 1 && !w;
	if (!w)
		return;
	w->sum += r->part;
	if (r->parts)
		w->last = r->parts;
	if (!w->last || w->sum != w->last * (w->last + 1) / 2)
		return;
	tdelete(w, &p->root, by_id);
	free(w);
	p->waiting--;
}

unsigned long parts_missing(const struct parts *p)
{
	return p->waiting + p->unknown;
}

void parts_free(struct parts *p)
{
	tdestroy(p->root, free);
	*p = (struct parts){ 0 };
}
