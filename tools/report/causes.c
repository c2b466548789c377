/*
 * causes.c: the distinct causes of leaks.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/hash.h"
#include "tools/report/causes.h"
#include "tools/base/base.h"
#include "tools/records/what.h"

static int by_key(const void *a, const void *b)
{
	return strcmp((*(struct cause *const *)a)->key, (*(struct cause *const *)b)->key);
}

#define CAUSES_PLACES (16 * 8192) /* three times as many as causes, and a power of two */
#define FIRST_ROOM    1024	  /* bytes */

static bool is_outside(const struct rec *r)
{
	return !strcmp(r->source, "command");
}

/* No tree of JSON, which takes longer than all else of a cause: few formats ask for it. */
static struct cause_first first_of(const struct rec *r)
{
	bool text = !r->argv && r->argv_text.len;

	return (struct cause_first){
		.time = must_dup(r->time),
		.entry = must_dup(r->entry),
		.pid = r->pid,
		.ppid = r->ppid,
		.argv = json_incref(r->argv),
		.argv_text =
			text ? must_printf("%.*s", (int)r->argv_text.len, r->argv_text.s) : NULL,
	};
}

json_t *cause_first(const struct cause *c)
{
	const struct cause_first *f = &c->first;
	json_t *o = json_object();

	json_object_set_new(o, "time", json_string(f->time));
	json_object_set_new(o, "pid", json_integer(f->pid));
	json_object_set_new(o, "ppid", json_integer(f->ppid));
	json_object_set_new(o, "entry", json_string(f->entry));
	if (f->argv)
		json_object_set(o, "argv", f->argv);
	else if (f->argv_text)
		json_object_set_new(o, "argv", json_loads(f->argv_text, 0, NULL));
	return o;
}

/* The bytes between the parts cannot be in them: rec_read() refuses control bytes. */
static void put_key(struct fdf_text *t, const struct rec *r, const struct rec_fd *f,
		    const char *place)
{
	const struct fdf_severity *s = &f->severity;

	fdf_puts(t, r->exe);
	fdf_putc(t, '\n');
	fdf_puts(t, r->into);
	fdf_putf(t, "\n%u %u %u\n", is_outside(r), leak_outcome(r, f), (unsigned)f->type);
	fdf_puts(t, f->access);
	fdf_putf(t, "\n%u %u %u %u %u\n", s->level, s->danger, s->at_least, (unsigned)f->verdict,
		 (unsigned)f->reason);
	fdf_puts(t, f->reason == FDF_BY_RULE ? f->by : "");
	fdf_putc(t, '\n');
	what_put(t, f);
	fdf_putc(t, '\n');
	fdf_puts(t, place);
	fdf_putc(t, '\0');
}

/* In all->key.  Returns how many bytes it has. */
static size_t make_key(struct causes *all, const struct rec *r, const struct rec_fd *f,
		       const char *place)
{
	struct fdf_text t;

	for (;;) {
		if (!all->key)
			all->key = must_alloc(all->room = all->room ? 2 * all->room : FIRST_ROOM);
		t = (struct fdf_text){ .p = all->key, .end = all->key + all->room };
		put_key(&t, r, f, place);
		if (!t.full)
			return (size_t)(t.p - all->key) - 1;
		free(all->key);
		all->key = NULL;
	}
}

static struct cause *new_cause(const char *key, uint64_t hash, const struct rec *r,
			       const struct rec_fd *f, const struct origin *origin)
{
	struct cause *c = must_alloc(sizeof(*c));

	c->key = must_dup(key);
	c->hash = hash;
	c->outside = is_outside(r);
	c->what = what_text(f);
	c->exe = must_dup(r->exe);
	c->into = must_dup(r->into);
	c->type = f->type;
	c->access = must_dup(f->access);
	c->verdict = f->verdict;
	c->reason = f->reason;
	c->outcome = leak_outcome(r, f);
	c->note = what_reason(f);
	c->severity = f->severity;
	c->by = must_dup(f->by);
	c->target = must_dup(f->target);
	c->local = must_dup(f->local);
	c->rule = what_rule(f->verdict == FDF_KEEP ? "seal" : "keep", r->exe, r->into, f);
	origin_copy(&c->origin, origin);
	c->first = first_of(r);
	return c;
}

static void add_number(struct cause *c, int fd)
{
	unsigned i, at = 0;

	while (at < c->nfds && c->fds[at] < fd)
		at++;
	if (at < c->nfds && c->fds[at] == fd)
		return;
	c->more_fds |= c->nfds == CAUSE_FDS;
	if (at == CAUSE_FDS)
		return;
	c->nfds -= c->nfds == CAUSE_FDS;
	for (i = c->nfds++; i > at; i--)
		c->fds[i] = c->fds[i - 1];
	c->fds[at] = fd;
}

/* The place of a key, which is its own or free: there are fewer causes than places. */
static struct cause **place_of(struct causes *all, uint64_t hash, const char *key)
{
	size_t i = hash % CAUSES_PLACES;

	while (all->places[i] && (all->places[i]->hash != hash || strcmp(all->places[i]->key, key)))
		i = (i + 1) % CAUSES_PLACES;
	return &all->places[i];
}

static struct cause *get(struct causes *all, const struct rec *r, const struct rec_fd *f,
			 const struct origin *origin)
{
	size_t len = make_key(all, r, f, origin->place);
	uint64_t hash = fdf_hash(FDF_HASH_START, all->key, len);
	struct cause **place = place_of(all, hash, all->key);

	if (!*place && all->of[f->severity.level] == CAUSES_MAX) {
		struct cause *rest = &all->rest[f->severity.level][leak_outcome(r, f)];

		rest->unlisted = true;
		return rest;
	}
	if (!*place) {
		*place = new_cause(all->key, hash, r, f, origin);
		all->of[f->severity.level]++;
		all->n++;
	}
	add_number(*place, f->fd);
	return *place;
}

struct cause *causes_get(struct causes *all, const struct rec *r, const struct rec_fd *f)
{
	static char nothing[] = "";
	static const struct origin none = { .place = nothing,
					    .function = nothing,
					    .file = nothing };
	struct origin origin;
	struct cause *c;

	if (!all->places)
		all->places = must_alloc(CAUSES_PLACES * sizeof(struct cause *));
	if (!json_object_get(f->json, "origin"))
		return get(all, r, f, &none);
	if (!all->symbols)
		all->symbols = symbols_new();
	origin_read(&origin, all->symbols, f);
	c = get(all, r, f, &origin);
	origin_free(&origin);
	return c;
}

bool severity_above(struct fdf_severity a, struct fdf_severity b)
{
	return a.level != b.level ? a.level > b.level : a.at_least && !b.at_least;
}

bool severity_exceeds(struct fdf_severity a, struct fdf_severity known)
{
	return a.level > known.level ||
	       (a.at_least && !known.at_least && known.level != FDF_CRITICAL);
}

static int by_severity(const void *a, const void *b)
{
	const struct cause *x = *(struct cause *const *)a, *y = *(struct cause *const *)b;

	if (severity_above(x->severity, y->severity) || severity_above(y->severity, x->severity))
		return severity_above(x->severity, y->severity) ? -1 : 1;
	return x->times != y->times ? (x->times < y->times ? 1 : -1) : strcmp(x->key, y->key);
}

/* The bytes of a file's path up to its last slash, that included; 0: no file, or none known. */
static size_t directory_of(const struct cause *c)
{
	const char *slash = strrchr(c->what, '/');

	return c->type != FDF_FILE || c->what[0] != '/' || !slash ? 0
								  : (size_t)(slash - c->what) + 1;
}

static bool siblings(const struct cause *a, const struct cause *b)
{
	size_t dir = directory_of(a);

	return dir && dir == directory_of(b) && !memcmp(a->what, b->what, dir) &&
	       !strcmp(a->exe, b->exe) && !strcmp(a->into, b->into) &&
	       !strcmp(a->access, b->access) &&
	       !memcmp(&a->severity, &b->severity, sizeof(a->severity)) && a->known == b->known &&
	       a->verdict == b->verdict && a->outcome == b->outcome && a->reason == b->reason &&
	       !strcmp(a->note, b->note) && !strcmp(a->origin.place, b->origin.place);
}

/* A star in the place of what stands behind the last slash. */
static char *starred(char *path, const char *more)
{
	char *s = must_printf("%.*s*%s", (int)(strrchr(path, '/') + 1 - path), path, more);

	free(path);
	return s;
}

/*
 * Merge the files n[1..] into n[0]: one mistake of one program leaks all the files of a directory.
 * Their rules stay one for each, a line each: a pattern for the directory would hide the next file there.
 */
static void merge(struct cause **list, size_t n)
{
	struct cause *to = list[0];
	char more[32], *rules;
	size_t len;
	FILE *out = open_memstream(&rules, &len);

	if (!out)
		out_of_memory();
	fputs(to->rule, out);
	for (size_t i = 1; i < n; i++) {
		to->times += list[i]->times;
		for (unsigned k = 0; k < list[i]->nfds; k++)
			add_number(to, list[i]->fds[k]);
		to->more_fds |= list[i]->more_fds;
		list[i]->times = 0;
		fprintf(out, "\n%s", list[i]->rule);
	}
	fclose(out);
	free(to->rule);
	to->rule = rules;
	snprintf(more, sizeof(more), " (%zu files)", n);
	to->what = starred(to->what, more);
}

#define FOLD_MIN 5 /* fewer files of a directory stay a line each */

/* By key, files of one directory lie together.  Returns how many causes are left. */
static size_t fold(struct cause **list, size_t n)
{
	size_t left = 0, end;

	for (size_t i = 0; i < n; i = end) {
		for (end = i + 1; end < n && siblings(list[i], list[end]); end++)
			;
		if (end - i >= FOLD_MIN)
			merge(list + i, end - i);
		for (size_t k = i; k < end; k++)
			if (list[k]->times)
				list[left++] = list[k];
	}
	return left;
}

void causes_mark(const struct causes *all, bool (*known)(void *ctx, const struct cause *c),
		 void *ctx)
{
	for (size_t i = 0; all->places && i < CAUSES_PLACES; i++) {
		struct cause *c = all->places[i];

		if (c && c->times && !c->outside)
			c->known = known(ctx, c);
	}
}

/* What one process was given. */
static int by_number(const void *a, const void *b)
{
	const struct cause *const *x = a, *const *y = b;

	return ((*x)->fds[0] > (*y)->fds[0]) - ((*x)->fds[0] < (*y)->fds[0]);
}

struct cause **causes_list(const struct causes *all, bool outside, size_t *n)
{
	struct cause **list = must_alloc((all->n + 1) * sizeof(*list));

	*n = 0;
	for (size_t i = 0; all->places && i < CAUSES_PLACES; i++) {
		struct cause *c = all->places[i];

		if (c && c->times && c->outside == outside)
			list[(*n)++] = c;
	}
	qsort(list, *n, sizeof(struct cause *), by_key);
	*n = fold(list, *n);
	qsort(list, *n, sizeof(struct cause *), outside ? by_number : by_severity);
	return list;
}

static int by_tally(const void *a, const void *b)
{
	const struct tally *x = a, *y = b;

	return x->n != y->n ? (x->n < y->n ? 1 : -1) : strcmp(x->label, y->label);
}

size_t causes_tally(struct cause *const *list, size_t n, struct tally *to)
{
	size_t labels = 0, i, k;

	for (i = 0; i < n; i++) {
		const struct cause *c = list[i];
		struct tally t = { .n = c->times };

		if (c->reason == FDF_BY_IMAGE && *c->by) /* "shell: a redirection ..." */
			snprintf(t.label, sizeof(t.label), "%.*s", (int)strcspn(c->by, ":"), c->by);
		else
			snprintf(t.label, sizeof(t.label), "%s", fdf_reason_name(c->reason));
		for (k = 0; k < labels && strcmp(to[k].label, t.label) != 0; k++)
			;
		if (k == labels)
			to[labels++] = t;
		else
			to[k].n += t.n;
	}
	qsort(to, labels, sizeof(*to), by_tally);
	return labels;
}

static void free_cause(struct cause *c)
{
	if (!c)
		return;
	free(c->key);
	free(c->exe);
	free(c->into);
	free(c->access);
	free(c->what);
	free(c->note);
	free(c->by);
	free(c->rule);
	free(c->target);
	free(c->local);
	free(c->first.time);
	free(c->first.entry);
	json_decref(c->first.argv);
	free(c->first.argv_text);
	origin_free(&c->origin);
	free(c);
}

void causes_free(struct causes *all)
{
	for (size_t i = 0; all->places && i < CAUSES_PLACES; i++)
		free_cause(all->places[i]);
	free(all->places);
	free(all->key);
	symbols_free(all->symbols);
	*all = (struct causes){ 0 };
}
