/*
 * news.c: see news.h.
 */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/hash.h"
#include "tools/base/base.h"
#include "tools/inspect/news.h"

/* Names one descriptor of one process, or something that is said of it, in the place of fd. */
struct which {
	uint64_t start, ino, name; /* of the process; of the file; a hash, 0: it may be renamed */
	int64_t born_ns;
	int pid, tid, fd;
	uint32_t dev_major, dev_minor, access;
};
enum { INEXACT = -1, FENCED = -2 };
_Static_assert(sizeof(struct which) == 4 * 8 + 6 * 4, "it is compared as bytes");

/* ... and how it stood. */
struct sight {
	struct which which;
	uint64_t peer; /* a hash; 0: none */
	uint8_t kind, verdict, level, type;
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

/* A renamed file is the same; an anonymous inode is that of others, too. */
static uint64_t lasting_name(struct fdf_str target)
{
	return target.len && target.s[0] == '/' ? 0
						: fdf_hash(FDF_HASH_START, target.s, target.len);
}

static struct sight sight_of(const struct inspect_process *x, const struct inspect_table *t,
			     const struct inspect_fd *f)
{
	const struct fdf_fd *d = &f->f->d;
	const struct fdf_sock *sock = d->sock && d->sock->connected ? d->sock : NULL;

	return (struct sight){
		.which = { .start = x->start,
			   .pid = x->pid,
			   .tid = t->exec.tid,
			   .fd = d->fd,
			   .access = d->status & (O_ACCMODE | O_PATH),
			   .dev_major = d->dev_major,
			   .dev_minor = d->dev_minor,
			   .ino = d->ino,
			   .born_ns = f->f->born_ns,
			   .name = lasting_name(d->target) },
		.peer = sock ? fdf_hash(FDF_HASH_START, sock->peer, sock->peer_len) : 0,
		.kind = (uint8_t)f->kind,
		.verdict = f->v.verdict,
		.level = (uint8_t)f->s.level,
		.type = d->type,
	};
}

static int by_which(const void *a, const void *b)
{
	return memcmp(&((const struct sight *)a)->which, &((const struct sight *)b)->which,
		      sizeof(struct which));
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

/* To be told: it was not there, or is not what it was.  A peer that is gone is no news. */
static bool is_news(const struct sights *before, const struct sight *s)
{
	const struct sight *b =
		before->n ? bsearch(s, before->s, before->n, sizeof(*s), by_which) : NULL;

	return !b || b->kind != s->kind || b->verdict != s->verdict || b->type != s->type ||
	       b->level < s->level || (s->peer && b->peer != s->peer);
}

/* Of what is said of a table or a process: did the look before? */
static bool is_told(struct news *n, const struct inspect_process *x, int tid, int what,
		    const char *said)
{
	struct sight s = { .which = { .start = x->start,
				      .pid = x->pid,
				      .tid = tid,
				      .fd = what,
				      .name = fdf_hash(FDF_HASH_START, said, strlen(said)) } };

	remember(&n->now, &s);
	return !is_news(&n->before, &s);
}

void news_filter(struct news *n, struct inspect_process *x)
{
	for (size_t i = 0; i < x->tables.n; i++) {
		struct inspect_table *t = &x->table[i];

		for (size_t k = 0; k < t->n; k++) {
			struct sight s = sight_of(x, t, &t->fds[k]);

			t->fds[k].shown = is_news(&n->before, &s);
			remember(&n->now, &s);
		}
		if (t->inexact)
			t->told = is_told(n, x, t->exec.tid, INEXACT, t->inexact);
	}
	if (x->fenced)
		x->fenced_told = is_told(n, x, x->pid, FENCED, "");
}

void news_turn(struct news *n)
{
	free(n->before.s);
	n->before = n->now;
	n->now = (struct sights){ 0 };
	if (n->before.n)
		qsort(n->before.s, n->before.n, sizeof(*n->before.s), by_which);
}
