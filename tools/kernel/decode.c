/*
 * decode.c: puts the records of one exec together.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "tools/base/base.h"
#include "tools/kernel/decode.h"

#define SLOTS	 1024 /* execs under way at a time; the oldest makes room */
#define MAX_FDS	 (1u << 20)
#define NCGROUPS 512

struct cgroup {
	uint64_t id;
	char *path;
};

struct decode {
	struct trace_exec *open[SLOTS];
	uint64_t age[SLOTS], clock;
	struct cgroup cgroups[NCGROUPS]; /* by id, the last one told wins its place */
	struct decode_counts counts;
};

struct decode *decode_new(void)
{
	return must_alloc(sizeof(struct decode));
}

void trace_exec_free(struct trace_exec *x)
{
	struct decode_text *texts[] = {
		&x->old_exe, &x->exe, &x->cwd, &x->name, &x->args, &x->env
	};
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(texts[i]->s);
	for (i = 0; i < x->nfds; i++)
		free(x->fds[i].target);
	free(x->fds);
	free(x);
}

void decode_free(struct decode *d)
{
	size_t i;

	for (i = 0; i < SLOTS; i++)
		if (d->open[i])
			trace_exec_free(d->open[i]);
	for (i = 0; i < NCGROUPS; i++)
		free(d->cgroups[i].path);
	free(d);
}

struct decode_counts decode_counts(const struct decode *d)
{
	return d->counts;
}

const char *decode_cgroup(const struct decode *d, uint64_t id)
{
	const struct cgroup *c = &d->cgroups[id % NCGROUPS];

	return c->path && c->id == id ? c->path : "";
}

/* Where the exec of this id is, or a free place for it. */
static size_t slot_of(struct decode *d, uint64_t id)
{
	size_t first = (id >> 12 ^ id) % SLOTS, i, at, oldest = first;

	for (i = 0; i < 16; i++) { /* places that an id may take */
		at = (first + i) % SLOTS;
		if (d->open[at] && d->open[at]->id == id)
			return at;
		if (d->open[oldest] && (!d->open[at] || d->age[at] < d->age[oldest]))
			oldest = at;
	}
	return oldest;
}

static struct trace_exec *exec_of(struct decode *d, uint64_t id, bool create)
{
	size_t at = slot_of(d, id);
	struct trace_exec *x = d->open[at];

	if (x && x->id == id)
		return x;
	if (!create)
		return NULL;
	if (x) {
		/* One that was only prepared failed, or was staged and never came: nothing is lost.
		 */
		d->counts.torn += x->have_begin;
		trace_exec_free(x);
	}
	x = d->open[at] = must_alloc(sizeof(*x));
	x->id = id;
	d->age[at] = ++d->clock;
	return x;
}

static void append(struct decode_text *t, const char *s, size_t len, uint32_t flags)
{
	char *p = realloc(t->s, t->len + len + 1);

	if (!p)
		out_of_memory();
	memcpy(p + t->len, s, len);
	t->s = p;
	t->len += len;
	p[t->len] = '\0';
	t->flags |= flags;
}

static bool once(struct decode_text *t, const char *s, size_t len, uint32_t flags)
{
	if (t->s)
		return false;
	append(t, s, len, flags);
	return true;
}

/* Pieces come in order; behind a gap the rest is left out. */
static bool piece(struct decode_text *t, const struct fdt_head *h, const char *s, size_t max,
		  unsigned *next, bool *torn)
{
	if (h->index != *next || *torn || h->flags & FDT_FAULT) {
		*torn = true;
		return true;
	}
	if (h->text_len > max - t->len)
		return false;
	++*next;
	append(t, s, h->text_len, h->flags);
	return true;
}

static bool add_fd(struct trace_exec *x, const struct fdt_fd *e, const char *text, size_t len)
{
	struct fdt_sock s;
	struct trace_fd *p;

	if (e->fd > 0x7fffffff || x->nfds >= MAX_FDS)
		return false;
	if (len == sizeof(s)) { /* may be a socket: decode_fd() */
		memcpy(&s, text, sizeof(s));
		if (S_ISSOCK(e->mode) && (s.local_len > FDT_ADDR || s.peer_len > FDT_ADDR))
			return false;
	}
	if (x->nfds == x->cap) {
		size_t cap = x->cap ? 2 * x->cap : 8;

		p = realloc(x->fds, cap * sizeof(*p));
		if (!p)
			out_of_memory();
		x->fds = p;
		x->cap = cap;
	}
	p = &x->fds[x->nfds];
	memset(p, 0, sizeof(*p));
	decode_fd(p, e, text, len);
	x->nfds++;
	return true;
}

static void set_cgroup(struct decode *d, uint64_t id, const char *s, size_t len)
{
	struct cgroup *c = &d->cgroups[id % NCGROUPS];
	char *p = must_alloc(len + 1);

	memcpy(p, s, len);
	free(c->path);
	*c = (struct cgroup){ id, p };
}

static const uint32_t fixed[FDT_KINDS] = {
	[FDT_PREP] = sizeof(struct fdt_prep),	[FDT_PREP_END] = sizeof(struct fdt_prep),
	[FDT_BEGIN] = sizeof(struct fdt_begin), [FDT_CWD] = sizeof(struct fdt_head),
	[FDT_NAME] = sizeof(struct fdt_head),	[FDT_ARGS] = sizeof(struct fdt_head),
	[FDT_ENV] = sizeof(struct fdt_head),	[FDT_FD] = sizeof(struct fdt_fd),
	[FDT_END] = sizeof(struct fdt_end),	[FDT_CGROUP] = sizeof(struct fdt_head),
};

#define TAKE(member, have, rec)                             \
	do {                                                \
		if (x->have)                                \
			return false;                       \
		memcpy(&x->member, rec, sizeof(x->member)); \
		x->have = true;                             \
	} while (0)

/* One record whose sizes were checked, into its exec. */
static bool take(struct trace_exec *x, const struct fdt_head *h, const void *rec, const char *text)
{
	struct fdt_fd fd;

	switch (h->kind) {
	case FDT_PREP:
		TAKE(prep, have_prep, rec);
		return once(&x->old_exe, text, h->text_len, h->flags);
	case FDT_PREP_END:
		memcpy(&x->prep_end, rec, sizeof(x->prep_end));
		return true;
	case FDT_BEGIN:
		TAKE(begin, have_begin, rec);
		x->begin.called[FDT_CALLED - 1] = '\0';
		return once(&x->exe, text, h->text_len, h->flags);
	case FDT_CWD:
		return once(&x->cwd, text, h->text_len, h->flags);
	case FDT_NAME:
		return once(&x->name, text, h->text_len, h->flags);
	case FDT_ARGS:
		return piece(&x->args, h, text, FDT_ARGS_MAX, &x->args_next, &x->args_torn);
	case FDT_ENV:
		return piece(&x->env, h, text, FDT_ENV_MAX, &x->env_next, &x->env_torn);
	case FDT_FD:
		memcpy(&fd, rec, sizeof(fd));
		return add_fd(x, &fd, text, h->text_len);
	default: /* FDT_END */
		TAKE(end, have_end, rec);
		return x->have_begin;
	}
}

struct trace_exec *decode_feed(struct decode *d, const void *rec, size_t len)
{
	struct trace_exec *x;
	struct fdt_head h;
	const char *text;
	size_t at;
	bool ok;

	if (len < sizeof(h))
		goto bad;
	memcpy(&h, rec, sizeof(h));
	if (h.kind == 0 || h.kind >= FDT_KINDS || h.size != len || len < fixed[h.kind] ||
	    h.text_len != len - fixed[h.kind] || h.text_len > FDT_PATH_MAX)
		goto bad;
	text = (const char *)rec + fixed[h.kind];
	if (h.kind == FDT_CGROUP) {
		set_cgroup(d, h.id, text, h.text_len);
		return NULL;
	}
	x = exec_of(d, h.id, h.kind == FDT_PREP || h.kind == FDT_BEGIN);
	ok = x && take(x, &h, rec, text);
	if (!ok)
		goto bad;
	if (h.kind != FDT_END)
		return NULL;
	at = slot_of(d, h.id);
	d->open[at] = NULL;
	/* Only now: they moved while there came more. */
	for (size_t i = 0; i < x->nfds; i++)
		if (x->fds[i].d.have & FDF_HAVE_SOCK)
			x->fds[i].d.sock = &x->fds[i].sock;
	return x;
bad:
	d->counts.bad++;
	return NULL;
}
