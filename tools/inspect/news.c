/*
 * news.c: see news.h.
 */
#include <stdlib.h>
#include <string.h>

#include "preload/core/hash.h"
#include "tools/base/base.h"
#include "tools/inspect/news.h"

/* One descriptor of one process, by all that makes it that one. */
struct sight {
	uint64_t start, ino, name; /* of the process; of the file; a hash of what it is called */
	int pid, tid, fd;
	uint32_t dev_major, dev_minor, status;
	uint8_t verdict, type;
};

struct sights {
	struct sight *s;
	size_t n, cap;
};

struct news {
	struct sights before, now;
};

struct news *news_new(void)
{
	return must_alloc(sizeof(struct news));
}

void news_free(struct news *n)
{
	if (n) {
		free(n->before.s);
		free(n->now.s);
	}
	free(n);
}

static struct sight sight_of(const struct inspect_process *x, const struct inspect_table *t,
			     const struct inspect_fd *f)
{
	const struct fdf_fd *d = &f->f->d;
	struct sight s;

	memset(&s, 0, sizeof(s)); /* the holes too: it is compared as bytes */
	s.start = x->start;
	s.ino = d->ino;
	s.name = fdf_hash(FDF_HASH_START, d->target.s, d->target.len);
	s.pid = x->pid;
	s.tid = t->exec.tid;
	s.fd = d->fd;
	s.dev_major = d->dev_major;
	s.dev_minor = d->dev_minor;
	s.status = d->status;
	s.verdict = f->v.verdict;
	s.type = d->type; /* a socket that listens now */
	return s;
}

static int by_bytes(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct sight));
}

static void remember(struct sights *to, const struct sight *s)
{
	if (to->n == to->cap) {
		to->cap = to->cap ? 2 * to->cap : 256;
		to->s = reallocarray(to->s, to->cap, sizeof(*to->s));
		if (!to->s)
			out_of_memory();
	}
	to->s[to->n++] = *s;
}

void news_filter(struct news *n, struct inspect_process *x)
{
	const struct sights *b = &n->before;

	for (size_t i = 0; i < x->tables.n; i++) {
		struct inspect_table *t = &x->table[i];

		for (size_t k = 0; k < t->n; k++) {
			struct sight s = sight_of(x, t, &t->fds[k]);

			t->fds[k].shown = !b->n || !bsearch(&s, b->s, b->n, sizeof(s), by_bytes);
			remember(&n->now, &s);
		}
	}
}

void news_turn(struct news *n)
{
	free(n->before.s);
	n->before = n->now;
	n->now = (struct sights){ 0 };
	if (n->before.n)
		qsort(n->before.s, n->before.n, sizeof(*n->before.s), by_bytes);
}
