/*
 * aggregate.c: records to causes.
 *
 * One thread feeds it; only the two counters are read by another one.  What it
 * holds is bounded by the causes (CAUSES_MAX) and by the process ids that there
 * can be at a time.
 */
#include <errno.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/rules.h"
#include "tools/report/aggregate.h"
#include "tools/report/leak.h"
#include "tools/report/pending.h"
#include "tools/base/base.h"
#include "tools/base/paths.h"
#include "tools/records/record_json.h"
#include "tools/records/unseen.h"
#include "tools/records/what.h"

struct aggregate {
	struct causes causes, kept;
	struct uncovereds uncovered;
	void *used;			 /* tree of search.h: text of the rules that decided */
	void *pending;			 /* tree of search.h: struct pending by pid */
	bool supervised;		 /* aggregate_supervised() */
	bool joins;			 /* aggregate_joins() */
	const struct fdf_policy *policy; /* NULL: not known */
	struct report report;
	atomic_ulong execs, leaks;
};

static int by_pid(const void *a, const void *b)
{
	pid_t x = ((const struct pending *)a)->pid, y = ((const struct pending *)b)->pid;

	return x < y ? -1 : x > y;
}

struct aggregate *aggregate_new(void)
{
	return must_alloc(sizeof(struct aggregate));
}

void aggregate_policy(struct aggregate *a, const struct fdf_policy *policy)
{
	a->policy = policy;
}

void aggregate_supervised(struct aggregate *a)
{
	a->supervised = true;
}

void aggregate_joins(struct aggregate *a)
{
	a->joins = true;
}

unsigned long aggregate_execs(const struct aggregate *a)
{
	return atomic_load(&a->execs);
}

unsigned long aggregate_leaks(const struct aggregate *a)
{
	return atomic_load(&a->leaks);
}

static void count(struct aggregate *a, struct cause *c)
{
	if (c)
		c->times++;
	else
		a->report.lost_causes++;
	if (!c || !c->outside)
		atomic_fetch_add(&a->leaks, 1);
}

static void forget(struct aggregate *a, struct pending *p)
{
	tdelete(p, &a->pending, by_pid);
	pending_free(p);
}

static const char *why_not_started(const struct aggregate *a, const struct pending *p)
{
	enum image_kind kind = pending_image(p);

	if (a->joins)
		return "the supervisor above fdfence looks at it, and has the record";
	return kind == IMAGE_COVERED ? "no start seen: scrubbed environment, switched off, another "
				       "namespace, or killed before"
				     : image_kind_name(kind);
}

/* The exec happened; started: into an image that the fence covers. */
static void settle(struct aggregate *a, struct pending *p, bool started)
{
	size_t i;

	for (i = 0; i < p->nleaks; i++)
		count(a, p->leaks[i].cause);
	for (i = 0; i < p->nkept; i++)
		p->kept[i]->times++;
	if (!started && !a->supervised && p->by != BY_SUPERVISOR)
		uncovered_count(&a->uncovered, p->into, why_not_started(a, p));
	forget(a, p);
}

/* Kept by a setting that is not ours: something below CMD wrote it into the environment. */
static bool is_strange(const struct aggregate *a, const struct rec_fd *f)
{
	const struct fdf_policy *p = a->policy;
	bool known = !p;
	char *text;

	if (f->reason == FDF_BY_KEEP)
		return p && !fdf_ranges_have(p->keep, f->fd);
	if (f->reason != FDF_BY_RULE || !p)
		return false;
	text = must_dup(f->by);
	rec_unescape(text);
	for (int i = 0; i < p->nrules && !known; i++)
		known = fdf_str_eq(p->rules[i].text, fdf_str(text));
	free(text);
	return !known;
}

/* Nobody said so of this very descriptor, or nobody whom we know. */
static bool is_weak(const struct aggregate *a, const struct rec *r, const struct rec_fd *f)
{
	return leak_is_kept(r, f) && (leak_is_excused(f) || is_strange(a, f));
}

static void take_weak(struct aggregate *a, struct pending *p, const struct rec *r,
		      const struct rec_fd *f)
{
	struct cause *c = is_weak(a, r, f) ? causes_get(&a->kept, r, f) : NULL;

	if (c)
		p->kept[p->nkept++] = c;
	else if (is_weak(a, r, f))
		a->report.kept_not_listed++;
}

static int by_text(const void *a, const void *b)
{
	return strcmp(a, b);
}

static void take_rule(struct aggregate *a, const struct rec_fd *f)
{
	char *text, **node;

	if (f->reason != FDF_BY_RULE)
		return;
	text = must_dup(f->by);
	rec_unescape(text);
	node = tsearch(text, &a->used, by_text);
	if (!node)
		out_of_memory();
	if (*node != text)
		free(text);
}

bool aggregate_used(const struct aggregate *a, const char *rule)
{
	return tfind(rule, &a->used, by_text) != NULL;
}

static struct pending *new_pending(struct aggregate *a, pid_t pid, const struct rec *r)
{
	struct pending *p = must_alloc(sizeof(*p));

	*p = (struct pending){ .pid = pid,
			       .uid = (uid_t)r->uid,
			       .gid = (gid_t)r->gid,
			       .exe = must_dup(r->exe),
			       .into = must_dup(r->into) };
	if (!tsearch(p, &a->pending, by_pid))
		out_of_memory();
	atomic_fetch_add(&a->execs, 1);
	return p;
}

/* p: pending, told of by another one (pending_again()); NULL: a new one. */
static void take_exec(struct aggregate *a, struct pending *p, pid_t pid, const struct rec *r)
{
	size_t before;

	if (!p)
		p = new_pending(a, pid, r);
	p->by = pending_teller(r);
	p->nkept = 0;
	before = p->nleaks;
	p->leaks = reallocarray(p->leaks, before + r->nfds + 1, sizeof(*p->leaks));
	p->kept = reallocarray(p->kept, r->nfds + 1, sizeof(*p->kept));
	if (!p->leaks || !p->kept)
		out_of_memory();
	for (size_t i = 0; i < r->nfds; i++) {
		const struct rec_fd *f = &r->fds[i];
		struct cause *c;

		take_weak(a, p, r, f);
		take_rule(a, f);
		if (!leak_is(f) || pending_knows(p, f->fd, before))
			continue;
		c = causes_get(&a->causes, r, f);
		if (leak_is_refused(f))
			count(a, c);
		else
			p->leaks[p->nleaks++] = (struct pending_leak){ f->fd, c };
	}
}

/*
 * A supervisor tells of an exec when it is done, and of one that it could not look at.  Its pending
 * one is settled with the next.
 */
static void take_supervisors(struct aggregate *a, struct pending *p, pid_t pid, const struct rec *r)
{
	const char *why = unseen_why(r->inexact);

	if (!why) {
		take_exec(a, p, pid, r);
		return;
	}
	atomic_fetch_add(&a->execs, 1);
	uncovered_count(&a->uncovered, *r->into ? r->into : *r->exe ? r->exe : r->comm, why);
}

static void take_counts(struct report *to, const struct rec *r)
{
	to->dropped += r->dropped;
	if (r->event != REC_EXEC)
		return;
	to->more += r->more;
	if (*r->inexact && !unseen_why(r->inexact)) {
		to->inexact++;
		if (!to->inexact_why)
			to->inexact_why = must_dup(r->inexact);
	}
}

void aggregate_take(void *ctx, pid_t pid, const char *line, size_t len)
{
	struct aggregate *a = ctx;
	struct pending *p;
	void *node;
	const char *why;
	struct rec r;
	bool own;

	if (rec_read(&r, line, len, &why)) {
		a->report.broken++;
		return;
	}
	if (r.event == REC_SNAPSHOT) { /* of nobody who was asked here */
		a->report.broken++;
		rec_free(&r);
		return;
	}
	pid = pid > 0 ? pid : (pid_t)r.pid;
	node = tfind(&(struct pending){ .pid = pid }, &a->pending, by_pid);
	p = node ? *(struct pending **)node : NULL;
	own = pending_starts(p, &r);
	if (p && r.event == REC_START && pending_teller(&r) == BY_SUPERVISOR)
		p->by = BY_SUPERVISOR; /* it is covered; the library's own start may follow */
	else if (pending_again(p, &r))
		;
	else if (p && r.event == REC_FAILED) {
		forget(a, p);
		p = NULL;
		atomic_fetch_sub(&a->execs, 1);
	} else if (p) {
		settle(a, p, own);
		p = NULL;
	}
	/* Each start has its exec: of this one nobody told, so nobody has judged it. */
	if (r.event == REC_START && !own && !a->supervised && pending_teller(&r) != BY_SUPERVISOR)
		uncovered_count(&a->uncovered, *r.exe ? r.exe : "?",
				"what started it is out of the fence's reach");
	if (r.event == REC_EXEC && pending_teller(&r) == BY_SUPERVISOR)
		take_supervisors(a, p, pid, &r);
	else if (r.event == REC_EXEC)
		take_exec(a, p, pid, &r);
	take_counts(&a->report, &r);
	rec_free(&r);
}

static void count_waiting(const void *node, VISIT visit, void *n)
{
	const struct pending *p = *(struct pending *const *)node;

	if ((visit == postorder || visit == leaf) && p->by != BY_SUPERVISOR &&
	    (!kill(p->pid, 0) || errno == EPERM) && pending_image(p) == IMAGE_COVERED)
		++*(unsigned *)n;
}

unsigned aggregate_waiting(const struct aggregate *a)
{
	unsigned n = 0;

	if (a->supervised)
		return 0; /* who tells of an exec, tells of it when it is done */
	twalk_r(a->pending, count_waiting, &n);
	return n;
}

static const char *why_lost(int error)
{
	switch (error) {
	case EAGAIN:
		return "records lost: nobody took them for a second";
	case EMFILE:
	case ENFILE:
		return "records lost: no descriptor was left to send them";
	case EPERM:
	case EACCES:
		return "records lost: it may not send them";
	case ECONNREFUSED:
	case ENOENT:
		return "records lost: no way out of its namespaces";
	default:
		return "records lost: they could not be sent";
	}
}

void aggregate_lost(struct aggregate *a, const char *exe, int error)
{
	a->report.lost = true;
	uncovered_count(&a->uncovered, exe, why_lost(error));
}

struct report *aggregate_finish(struct aggregate *a,
				bool (*known)(void *ctx, const struct cause *c), void *ctx)
{
	struct report *r = &a->report;

	while (a->pending)
		settle(a, *(struct pending **)a->pending, false);
	r->execs = atomic_load(&a->execs);
	r->leaks = atomic_load(&a->leaks);
	if (known)
		causes_mark(&a->causes, known, ctx);
	r->causes = causes_list(&a->causes, false, &r->ncauses);
	r->outside = causes_list(&a->causes, true, &r->noutside);
	r->kept = causes_list(&a->kept, false, &r->nkept);
	r->uncovered = uncovered_list(&a->uncovered, &r->nuncovered);
	return r;
}

void aggregate_free(struct aggregate *a)
{
	while (a->pending)
		forget(a, *(struct pending **)a->pending);
	causes_free(&a->causes);
	causes_free(&a->kept);
	tdestroy(a->used, free);
	uncovered_free(&a->uncovered);
	free(a->report.causes);
	free(a->report.outside);
	free(a->report.kept);
	free(a->report.uncovered);
	free(a->report.inexact_why);
	free(a);
}
