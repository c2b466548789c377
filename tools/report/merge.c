/*
 * merge.c: records that were written earlier to a report.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/hash.h"
#include "preload/core/rules.h"
#include "tools/base/base.h"
#include "tools/records/quick.h"
#include "tools/records/unseen.h"
#include "tools/report/leak.h"
#include "tools/report/merge.h"
#include "tools/report/parts.h"
#include "tools/report/pending.h"
#include "tools/report/processes.h"

#define UNDO_MAX (1 << 20) /* causes that are remembered for the case that an exec has failed */

static const char not_started[] =
	"no start seen: static, set-user-ID, scrubbed environment, switched off, or killed before";
static const char not_told[] =
	"no start seen, as of static programs; or the log was for leaks alone then (--log-what)";

/* One exec record. */
struct taken {
	const struct rec *rec;
	struct process *p;
	const struct process *told; /* has it already, of another teller; NULL: nobody has */
	size_t known;		    /* told's leaks at that time */
	bool kept_known;	    /* what is kept was told, too */
};

struct merge {
	struct causes causes, kept;
	struct uncovereds uncovered;
	struct programs programs;
	const struct filter *filter;
	bool tree;
	unsigned outcomes; /* of those asked for: 1 << enum leak_outcome */
	bool starts; /* the file tells of starts, so that one which is missing tells something */
	size_t undo; /* all nleaks together */
	struct report report;
	struct quick quick;
	struct parts parts;
	struct process processes[MERGE_PROCESSES];
};

struct merge *merge_new(const struct filter *f, bool tree)
{
	struct merge *m = must_alloc(sizeof(*m));

	m->filter = f;
	m->tree = tree;
	m->outcomes = ~0u;
	m->report.recorded = true;
	return m;
}

void merge_outcomes(struct merge *m, unsigned outcomes)
{
	m->outcomes = outcomes;
}

/* Its exec is as it is: what could be taken back no longer can. */
static void settle_leaks(struct merge *m, struct process *p)
{
	free(p->leaks);
	m->undo -= p->nleaks;
	p->leaks = NULL;
	p->nleaks = p->known = 0;
}

static void settle(struct merge *m, struct process *p)
{
	for (; p->awaited; p->awaited--)
		if (m->starts)
			uncovered_count(&m->uncovered, p->into, p->due ? not_started : not_told);
	free(p->into);
	p->into = NULL;
	p->exe = 0;
	settle_leaks(m, p);
}

static void settle_all(struct merge *m)
{
	for (size_t i = 0; i < MERGE_PROCESSES; i++)
		settle(m, &m->processes[i]);
}

void merge_file(struct merge *m)
{
	settle_all(m);
	for (size_t i = 0; i < MERGE_PROCESSES; i++)
		process_not_supervised(&m->processes[i]);
	m->starts = false;
}

static struct process *process_of(struct merge *m, uint64_t machine, long long pid)
{
	struct process *p = processes_place(m->processes, machine, pid);

	if (p->pid == pid && p->machine == machine)
		return p;
	settle(m, p);
	*p = (struct process){ .machine = machine, .pid = pid };
	return p;
}

static bool is_wanted(const struct merge *m, const struct rec *r)
{
	struct fdf_exec e = { .uid = (uint32_t)r->uid,
			      .exe = fdf_str(r->exe),
			      .into = fdf_str(r->into) };

	return filter_has_process(m->filter, &e, r->cgroup);
}

static void count(struct merge *m, struct cause *c, long n)
{
	c->times += (unsigned long)n;
	if (!c->outside)
		m->report.leaks += (unsigned long)n;
}

static void take_fd(struct merge *m, const struct taken *t, const struct rec_fd *f)
{
	const struct rec *r = t->rec;
	bool leaks = leak_is(f), kept = leak_is_kept(r, f) && leak_is_excused(f);
	struct process *p = t->p;
	struct cause *c;

	if (!filter_has_type(m->filter, f->type) || (!leaks && (!kept || t->kept_known)) ||
	    (leaks && !(m->outcomes & 1u << leak_outcome(r, f))) ||
	    (leaks && t->told && pending_knows(t->told->leaks, t->known, f)))
		return;
	c = causes_get(leaks ? &m->causes : &m->kept, r, f);
	if (leaks) {
		count(m, c, 1);
		if (!c->unlisted && p->runs && m->tree)
			programs_leak(&m->programs, p->runs, c, 1);
	} else if (c->unlisted) {
		m->report.kept_not_listed++;
	} else {
		c->times++;
	}
	/* Who tells of an exec in parts has seen it done. */
	if (leaks && !leak_is_refused(r, f) && r->event == REC_EXEC && r->part < 2)
		p->leaks[p->nleaks++] = (struct pending_leak){ f->fd, c };
}

static void take_tree(struct merge *m, struct process *p, const struct rec *r, uint64_t machine)
{
	const struct process *parent =
		processes_known(m->processes, machine, r->in_child ? r->pid : r->ppid);

	p->runs =
		programs_exec(&m->programs, p->runs, parent ? parent->runs : NULL, r->exe, r->into);
}

static void take_counts(struct report *to, const struct rec *r)
{
	to->more += r->more;
	if (!*r->inexact)
		return;
	to->inexact++;
	if (!to->inexact_why)
		to->inexact_why = must_dup(r->inexact);
}

/* told: has it already (processes_told()). */
static void take_exec(struct merge *m, struct process *p, const struct rec *r, uint64_t machine,
		      const struct process *told)
{
	const char *why = unseen_why(r->inexact);
	struct taken t;

	if (m->undo + r->nfds > UNDO_MAX)
		settle_all(m);
	parts_note(&m->parts, r);
	t = (struct taken){ r, p, told, told ? told->nleaks : 0, told && told->by != BY_COMMAND };
	m->report.execs += !told;
	p->known = told == p ? p->nleaks : 0;
	p->by = pending_teller(r);
	p->exe = process_exe(r);
	p->ppid = r->ppid;
	if (why) {
		uncovered_count(&m->uncovered,
				*r->into  ? r->into
				: *r->exe ? r->exe
					  : r->comm,
				why);
		return;
	}
	take_counts(&m->report, r);
	p->leaks = reallocarray(p->leaks, p->nleaks + r->nfds + 1, sizeof(*p->leaks));
	if (!p->leaks)
		out_of_memory();
	m->undo -= p->nleaks;
	if (p->by == BY_SHIM && !p->supervised && !p->awaited++) {
		p->into = must_dup(r->into);
		p->due = m->starts || !leak_is_shown(r);
	}
	if (m->tree && !told)
		take_tree(m, p, r, machine);
	for (size_t i = 0; i < r->nfds; i++)
		take_fd(m, &t, &r->fds[i]);
	m->undo += p->nleaks;
}

/* More descriptors of the exec that a record before told of. */
static void take_more(struct merge *m, struct process *p, const struct rec *r)
{
	struct taken t = { .rec = r, .p = p, .told = p->known ? p : NULL, .known = p->known };

	parts_note(&m->parts, r);
	take_counts(&m->report, r);
	for (size_t i = 0; i < r->nfds; i++)
		take_fd(m, &t, &r->fds[i]);
}

/* It came back: nothing was leaked. */
static void take_back(struct merge *m, struct process *p)
{
	if (!p->leaks) /* of an exec that nobody told of, or that a filter left out */
		return;
	m->report.execs--;
	for (size_t i = 0; i < p->nleaks; i++) {
		struct cause *c = p->leaks[i].cause;

		count(m, c, -1);
		if (!c->unlisted && p->runs && m->tree)
			programs_leak(&m->programs, p->runs, c, -1);
	}
	if (p->runs) {
		p->runs->execs--;
		p->runs = p->runs->parent;
	}
	p->awaited -= p->awaited > 0;
	p->image = p->exe;
	p->exe = 0;
	settle_leaks(m, p);
}

static void take_snapshot(struct merge *m, const struct rec *r)
{
	struct process nobody = { 0 };

	parts_note(&m->parts, r);
	m->report.snapshots += r->part < 2;
	m->report.more += r->more;
	m->report.unseen += *r->inexact != '\0';
	for (size_t i = 0; i < r->nfds; i++)
		take_fd(m, &(struct taken){ .rec = r, .p = &nobody }, &r->fds[i]);
}

static void take_start(struct merge *m, struct process *p, const struct rec *r, uint64_t machine)
{
	struct process *left = processes_known(m->processes, processes_children(machine), r->ppid);
	bool again = p->started;

	p->started = pending_teller(r) == BY_SUPERVISOR;
	p->supervised |= p->started;
	p->image = process_exe(r);
	m->starts |= !p->started;
	if (!p->awaited && left && !again) {
		left->awaited -= left->awaited > 0;
		p->runs = left->runs;
	}
	p->awaited = 0;
	settle(m, p);
}

static void take_execs(struct merge *m, struct process *p, const struct rec *r, uint64_t machine)
{
	struct process *told = processes_told(m->processes, p, r, machine);
	const struct process *parent = processes_known(m->processes, machine, r->ppid);

	if (told != p && !process_may_run(p, process_exe(r)))
		process_not_supervised(p);
	p->started = false;
	p->supervised |= parent && parent->supervised && process_may_run(parent, process_exe(r));
	p->image = r->in_child ? process_exe(r) : process_image(r->into);
	if (pending_teller(r) == BY_SUPERVISOR) {
		p->supervised = true;
		if (told) /* that it was done is told with it */
			told->awaited -= told->awaited > 0;
	}
	if (r->in_child && p->awaited && !strcmp(p->into, r->into))
		settle_leaks(m, p);
	else if (told != p)
		settle(m, p);
	if (is_wanted(m, r))
		take_exec(m, p, r, machine, told);
}

static void take(struct merge *m, const struct rec *r)
{
	uint64_t machine = fdf_hash(FDF_HASH_START, r->host, strlen(r->host) + 1);
	struct process *p;

	machine = fdf_hash(machine, r->boot_id, strlen(r->boot_id));
	m->report.dropped += r->dropped;
	if (r->event == REC_SNAPSHOT) {
		if (is_wanted(m, r))
			take_snapshot(m, r);
		return;
	}
	p = process_of(m, r->in_child ? processes_children(machine) : machine, r->pid);
	if (r->event == REC_START)
		take_start(m, p, r, machine);
	else if (r->event == REC_FAILED)
		take_back(m, p);
	else if (r->part > 1 && is_wanted(m, r))
		take_more(m, p, r);
	else if (r->part < 2)
		take_execs(m, p, r, machine);
}

static const char mark[] = "{\"fdfence\":";

/* NULL, or what is wrong with it. */
static const char *take_one(struct merge *m, const char *text, size_t len)
{
	const char *why = NULL;
	struct rec r;

	if (rec_quick(&m->quick, &r, text, len)) {
		take(m, &r);
	} else if (!rec_read(&r, text, len, &why)) {
		take(m, &r);
		rec_free(&r);
	}
	return why;
}

const char *merge_take(struct merge *m, const char *line, size_t len)
{
	const char *end = line + len, *at = memmem(line, len, mark, sizeof(mark) - 1), *next;
	const char *why, *wrong = NULL;
	bool whole = false, torn = at != line;

	if (!at)
		return take_one(m, line, len);
	for (; at; at = next) {
		next = memmem(at + 1, (size_t)(end - at) - 1, mark, sizeof(mark) - 1);
		why = take_one(m, at, (size_t)((next ? next : end) - at));
		wrong = wrong ? wrong : why;
		whole |= !why;
	}
	torn |= wrong != NULL;
	return whole && torn ? "a torn record, or foreign bytes, beside a whole one" : wrong;
}

struct report *merge_finish(struct merge *m, bool (*known)(void *ctx, const struct cause *c),
			    void *ctx)
{
	static char *none[] = { NULL };
	struct report *r = &m->report;
	unsigned long missing = parts_missing(&m->parts);

	settle_all(m);
	r->inexact += missing;
	if (missing && !r->inexact_why)
		r->inexact_why = must_dup("some of the records that tell of it are missing");
	report_list(r, &m->causes, &m->kept, &m->uncovered, known, ctx);
	r->unused = none;
	r->gone = r->gone ? r->gone : none;
	return r;
}

const struct programs *merge_programs(const struct merge *m)
{
	return &m->programs;
}

void merge_free(struct merge *m)
{
	settle_all(m);
	parts_free(&m->parts);
	causes_free(&m->causes);
	causes_free(&m->kept);
	uncovered_free(&m->uncovered);
	programs_free(&m->programs);
	quick_free(&m->quick);
	report_free(&m->report);
	free(m);
}
