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
#include "tools/report/left.h"
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
	struct left *left;		 /* execs that libc makes in children */
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
	c->times++;
	if (!c->outside)
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

/* The exec happened; started: into an image that the fence covers.  p is freed. */
static void settle_one(struct aggregate *a, struct pending *p, bool started)
{
	size_t i;

	for (i = 0; i < p->nleaks; i++)
		count(a, p->leaks[i].cause);
	for (i = 0; i < p->nkept; i++)
		p->kept[i]->times++;
	if (!started && !a->supervised && p->by != BY_SUPERVISOR)
		uncovered_count(&a->uncovered, p->into, why_not_started(a, p));
	pending_free(p);
}

static void settle(struct aggregate *a, struct pending *p, bool started)
{
	tdelete(p, &a->pending, by_pid);
	settle_one(a, p, started);
}

/* Nobody said so of this very descriptor, or nobody whom we know. */
static bool is_weak(const struct aggregate *a, const struct rec *r, const struct rec_fd *f)
{
	return leak_is_kept(r, f) && (leak_is_excused(f) || leak_is_strange(f, a->policy));
}

static void take_weak(struct aggregate *a, struct pending *p, const struct rec *r,
		      const struct rec_fd *f)
{
	struct cause *c = is_weak(a, r, f) ? causes_get(&a->kept, r, f) : NULL;

	if (c && c->unlisted)
		a->report.kept_not_listed++;
	else if (c)
		p->kept[p->nkept++] = c;
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
	if (r->in_child)
		left_add(&a->left, r, p);
	else if (!tsearch(p, &a->pending, by_pid))
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
		if (!leak_is(f) || pending_knows(p->leaks, before, f))
			continue;
		c = causes_get(&a->causes, r, f);
		if (leak_is_refused(r, f))
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
	char *unknown;

	if (!why) {
		take_exec(a, p, pid, r);
		return;
	}
	if (p) /* the shim of who made it has told of it */
		p->by = BY_SUPERVISOR;
	else
		atomic_fetch_add(&a->execs, 1);
	/* Who may not be looked into does not say what it asks for, and is covered itself. */
	unknown = must_printf("a program that %s started", *r->exe ? r->exe : r->comm);
	uncovered_count(&a->uncovered, *r->into ? r->into : unknown, why);
	free(unknown);
}

static void take_counts(struct report *to, const struct rec *r)
{
	to->dropped += r->dropped;
	if (r->event != REC_EXEC)
		return;
	to->more += r->more;
	to->kept_not_listed += r->more_kept;
	if (*r->inexact && !unseen_why(r->inexact)) {
		to->inexact++;
		if (!to->inexact_why)
			to->inexact_why = must_dup(r->inexact);
	}
}

/* What libc makes in a child: nothing of it says how it went with its parent's own execs. */
static void take_in_child(struct aggregate *a, pid_t pid, const struct rec *r)
{
	struct pending *p;

	if (r->event == REC_EXEC)
		take_exec(a, NULL, pid, r);
	else if (r->event == REC_FAILED && (p = left_take(&a->left, r))) {
		pending_free(p);
		atomic_fetch_sub(&a->execs, 1);
	}
}

/* Each start has its exec: of one that nobody told of, nobody has judged it. */
static void take_start(struct aggregate *a, const struct rec *r)
{
	struct pending *p;

	if (a->supervised || pending_teller(r) == BY_SUPERVISOR)
		return;
	if (!left_starts(&a->left, r, &p))
		uncovered_count(&a->uncovered, *r->exe ? r->exe : "?",
				"what started it is out of the fence's reach");
	else if (p)
		settle_one(a, p, true);
}

/* What the parent's shim has told of an exec that libc makes, which a supervisor tells of as well. */
static struct pending *left_pending(struct aggregate *a, pid_t pid, const struct rec *r)
{
	struct pending *p;

	if (!left_starts(&a->left, r, &p) || !p)
		return NULL;
	p->pid = pid;
	if (!tsearch(p, &a->pending, by_pid))
		out_of_memory();
	return p;
}

static void take_own(struct aggregate *a, pid_t pid, const struct rec *r)
{
	void *node = tfind(&(struct pending){ .pid = pid }, &a->pending, by_pid);
	struct pending *p = node ? *(struct pending **)node : NULL;
	bool own = pending_starts(p, r);

	if (p && r->event == REC_START && pending_teller(r) == BY_SUPERVISOR)
		p->by = BY_SUPERVISOR; /* it is covered; the library's own start may follow */
	else if (pending_again(p, r))
		;
	else if (p && r->event == REC_FAILED) {
		forget(a, p);
		p = NULL;
		atomic_fetch_sub(&a->execs, 1);
	} else if (p) {
		settle(a, p, own);
		p = NULL;
	}
	if (r->event == REC_START && !own)
		take_start(a, r);
	if (r->event == REC_EXEC && pending_teller(r) == BY_SUPERVISOR)
		take_supervisors(a, p ? p : left_pending(a, pid, r), pid, r);
	else if (r->event == REC_EXEC)
		take_exec(a, p, pid, r);
}

void aggregate_take(void *ctx, pid_t pid, const char *line, size_t len)
{
	struct aggregate *a = ctx;
	const char *why;
	struct rec r;

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
	if (r.in_child)
		take_in_child(a, pid, &r);
	else
		take_own(a, pid, &r);
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
	return n + left_waits(a->left);
}

void aggregate_lost(struct aggregate *a, const char *exe, int error)
{
	a->report.lost = true;
	uncovered_count(&a->uncovered, exe, unseen_lost(error));
}

struct report *aggregate_finish(struct aggregate *a,
				bool (*known)(void *ctx, const struct cause *c), void *ctx)
{
	struct report *r = &a->report;
	struct pending *p;

	while (a->pending)
		settle(a, *(struct pending **)a->pending, false);
	while (a->left)
		if ((p = left_take(&a->left, NULL)))
			settle_one(a, p, false);
	r->execs = atomic_load(&a->execs);
	r->leaks = atomic_load(&a->leaks);
	if (r->lost && !r->dropped)
		r->dropped = 1; /* or more: who lost them could not say how many */
	report_list(r, &a->causes, &a->kept, &a->uncovered, known, ctx);
	return r;
}

void aggregate_free(struct aggregate *a)
{
	while (a->pending)
		forget(a, *(struct pending **)a->pending);
	while (a->left)
		pending_free(left_take(&a->left, NULL));
	causes_free(&a->causes);
	causes_free(&a->kept);
	tdestroy(a->used, free);
	uncovered_free(&a->uncovered);
	report_free(&a->report);
	free(a);
}
