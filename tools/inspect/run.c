/*
 * run.c: see run.h.
 *
 * A look goes over the processes one after the other, and lets go of each before the next: there
 * may be more of them than descriptors for us.  With --watch those that were named stay pinned.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/inspect/look.h"
#include "tools/inspect/news.h"
#include "tools/inspect/run.h"
#include "tools/inspect/show.h"
#include "tools/proc/mounted.h"

#define DENIED_MAX 8 /* that are told by their number */

/* What one look found; several with --watch. */
struct sums {
	size_t processes; /* looked at */
	size_t leaking;	  /* of them */
	size_t leaks, kept;
	size_t denied, ended;  /* with --all: not told one by one */
	pid_t who[DENIED_MAX]; /* the first of those denied */
};

struct run {
	const struct inspect_opts *o;
	struct output out; /* of text or records; .file NULL: of neither */
	bool partial, broken;
	struct pinned *pinned; /* those that were named; pid 0: it has ended, or cannot be seen */
	struct netfiles net;
	struct inspect_process *all; /* of this look */
	size_t n, cap;
	struct sums sums;
	size_t leaks, kept;   /* in any look */
	unsigned long unseen; /* processes that no record tells of, at least */
	struct news *news;
	struct view_rows rows;
	struct view_json json;
};

/* To root that nothing more can be had by being root. */
static const char *who_sees(const char *root)
{
	return geteuid() ? root : "root is denied it here (a container, or a security module)";
}

/* One line about a process that was named, or that is not there any more. */
static void tell(pid_t pid, const struct pinned *p, enum fate fate)
{
	switch (fate) {
	case FATE_HERE:
		break;
	case FATE_NONE:
		say("inspect: %d: there is no such process", (int)pid);
		break;
	case FATE_THREAD:
		say("inspect: %d: a thread of process %d; give that number", (int)pid,
		    (int)p->ppid);
		break;
	case FATE_HIDDEN:
		say("inspect: %d: /proc does not show it (mounted with hidepid); root sees it",
		    (int)pid);
		break;
	case FATE_DENIED:
		say("inspect: %d: not permitted: of another user, or with more privileges; %s",
		    (int)pid, who_sees("root, or CAP_SYS_PTRACE, sees it"));
		break;
	case FATE_ENDED:
		say("inspect: %d: it has ended", (int)pid);
		break;
	case FATE_ZOMBIE:
		say("inspect: %d: it has ended (a zombie: its parent has not asked for its status)",
		    (int)pid);
		break;
	case FATE_KERNEL:
		say("inspect: %d: a thread of the kernel, which has no descriptors", (int)pid);
		break;
	default:
		say("inspect: %d: %s", (int)pid, strerror(errno));
	}
}

static void lacks(struct run *r, bool one)
{
	r->partial |= one;
	r->unseen += one;
}

static struct inspect_process *room(struct run *r)
{
	if (r->n == r->cap) {
		r->cap = r->cap ? 2 * r->cap : 64;
		r->all = reallocarray(r->all, r->cap, sizeof(*r->all));
		if (!r->all)
			out_of_memory();
	}
	return &r->all[r->n];
}

static void count(struct run *r, const struct inspect_process *x)
{
	r->sums.processes++;
	r->sums.leaking += x->kinds[KIND_LEAK] > 0;
	r->sums.leaks += x->kinds[KIND_LEAK];
	r->sums.kept += x->kinds[KIND_KEPT];
	/* That one of all has ended is no lack of what is there now. */
	r->partial |= x->inexact && !(r->o->all && x->tables.ended);
}

/* A pinned process; its fate. */
static enum fate look_at(struct run *r, const struct pinned *p)
{
	struct inspect_process *x = room(r);
	bool wanted;
	enum fate fate = inspect_look(x, p, r->o, &r->net, &wanted);

	if (fate != FATE_HERE || !wanted)
		return fate;
	count(r, x);
	if (r->news)
		news_filter(r->news, x);
	r->n++;
	return fate;
}

static void look_at_one_of_all(struct run *r, pid_t pid)
{
	struct pinned p;
	enum fate fate = pinned_open(&p, pid);

	if (fate == FATE_HERE) {
		fate = look_at(r, &p);
		if (fate == FATE_DENIED && r->o->filter.uid >= 0 &&
		    (uint32_t)r->o->filter.uid != p.uid)
			fate = FATE_HERE; /* nobody asked */
	}
	if (fate == FATE_DENIED && r->sums.denied++ < DENIED_MAX)
		r->sums.who[r->sums.denied - 1] = pid;
	r->sums.ended += fate == FATE_ENDED;
	if (fate == FATE_FAILED)
		tell(pid, &p, fate);
	lacks(r, fate == FATE_DENIED || fate == FATE_FAILED);
	pinned_close(&p);
}

static void look_at_all(struct run *r)
{
	int *list;
	ssize_t n = proc_numbers(-1, "/proc", &list);

	if (n < 0) {
		say("inspect: /proc: %s", strerror(errno));
		r->broken = true;
	}
	for (ssize_t i = 0; i < n; i++)
		if (list[i] != getpid())
			look_at_one_of_all(r, list[i]);
	free(list);
}

/* Returns how many are still there. */
static size_t look_at_named(struct run *r)
{
	size_t there = 0;

	for (size_t i = 0; i < r->o->npids; i++) {
		struct pinned *p = &r->pinned[i];
		enum fate fate;

		if (!p->pid)
			continue;
		fate = pinned_renew(p);
		if (fate == FATE_HERE)
			fate = look_at(r, p);
		if (fate == FATE_HERE) {
			there++;
			continue;
		}
		tell(p->pid, p, fate);
		lacks(r, !r->o->watch || (fate != FATE_ENDED && fate != FATE_ZOMBIE));
		pinned_close(p);
		p->pid = 0;
	}
	return there;
}

/* All of them before the first is looked at. */
static void pin_named(struct run *r)
{
	r->pinned = must_alloc(r->o->npids * sizeof(*r->pinned));
	for (size_t i = 0; i < r->o->npids; i++) {
		struct pinned *p = &r->pinned[i];
		enum fate fate = pinned_open(p, r->o->pids[i]);

		if (fate == FATE_HERE)
			continue;
		tell(r->o->pids[i], p, fate);
		lacks(r, fate != FATE_KERNEL); /* of that one all is known */
		pinned_close(p);
		p->pid = 0;
	}
}

/* The worst first; processes that are alike by their number. */
static int by_worst(const void *a, const void *b)
{
	const struct inspect_process *x = a, *y = b;
	const struct inspect_fd *f = NULL, *g = NULL;
	int r;

	for (size_t i = 0; i < x->tables.n; i++)
		if (x->table[i].n && (!f || inspect_order(x->table[i].fds, f) < 0))
			f = x->table[i].fds;
	for (size_t i = 0; i < y->tables.n; i++)
		if (y->table[i].n && (!g || inspect_order(y->table[i].fds, g) < 0))
			g = y->table[i].fds;
	r = f && g ? inspect_order(f, g) : !f - !g;
	return r ? r : x->pid < y->pid ? -1 : x->pid > y->pid;
}

static void put(struct run *r, const char *text, size_t n)
{
	fwrite(text, 1, n, r->out.file);
}

static void put_text(struct run *r, char *text)
{
	put(r, text, strlen(text));
	free(text);
}

static void take_records(struct run *r)
{
	for (size_t i = 0; i < r->n; i++)
		for (size_t k = 0; k < r->all[i].tables.n; k++) {
			size_t n = inspect_json(&r->json, &r->all[i], k, r->o);

			r->partial |= n && r->json.unfit;
			if (r->o->json)
				put(r, r->json.buf, n);
			if (r->o->record && n)
				r->o->record(r->o->record_ctx, r->json.buf, n);
		}
}

static void show(struct run *r)
{
	if (r->o->json || r->o->record)
		take_records(r);
	if (!r->o->rows)
		return;
	if (r->o->by != BY_PROCESS) {
		put_text(r, inspect_groups(r->all, r->n, r->o, &r->out));
	} else {
		if (r->o->all && r->n)
			qsort(r->all, r->n, sizeof(*r->all), by_worst);
		put_text(r, inspect_rows(&r->rows, r->all, r->n));
	}
}

static const char *plural(size_t n)
{
	return n == 1 ? "" : "s";
}

static void say_denied(const struct sums *s)
{
	char *list = must_dup(""), *more;
	size_t i;

	for (i = 0; i < s->denied && i < DENIED_MAX; i++) {
		more = must_printf("%s%s%d", list, i ? ", " : "", (int)s->who[i]);
		free(list);
		list = more;
	}
	say("not seen: %zu process%s of other users, or with more privileges (%s%s); %s", s->denied,
	    s->denied == 1 ? "" : "es", list, s->denied > DENIED_MAX ? " and others" : "",
	    who_sees("root sees all"));
	free(list);
}

static void close_look(struct run *r)
{
	const struct sums *s = &r->sums;

	if (!r->o->quiet)
		say("%zu leak%s in %zu of %zu process%s; %zu kept", s->leaks, plural(s->leaks),
		    s->leaking, s->processes, s->processes == 1 ? "" : "es", s->kept);
	if (s->denied)
		say_denied(s);
	if (s->ended && !r->o->quiet)
		say("%zu process%s ended before %s could be looked at", s->ended,
		    s->ended == 1 ? "" : "es", s->ended == 1 ? "it" : "they");
	if (r->o->all && mounted_hides()) {
		say("not seen: processes of other users: /proc is mounted with hidepid");
		lacks(r, true);
	}
}

/* Returns false if there is nothing left to look at. */
static bool look(struct run *r, bool last)
{
	bool more = true;

	r->sums = (struct sums){ 0 };
	if (r->o->all)
		look_at_all(r);
	else
		more = look_at_named(r) > 0;
	show(r);
	r->broken |= r->out.file && output_flush(&r->out);
	r->leaks += r->sums.leaks;
	r->kept += r->sums.kept;
	if (last)
		close_look(r);
	for (size_t i = 0; i < r->n; i++)
		inspect_free(&r->all[i]);
	r->n = 0;
	netfiles_free(&r->net);
	if (r->news)
		news_turn(r->news);
	return more && !r->broken;
}

static int status_of(const struct run *r)
{
	if (r->broken)
		return EXIT_OWN;
	if (r->leaks && r->o->error_exitcode)
		return (int)r->o->error_exitcode;
	return r->partial ? EXIT_PARTIAL : 0;
}

static int open_out(struct run *r, enum output_color color)
{
	const struct inspect_opts *o = r->o;

	if (!o->rows && !o->json)
		return 0;
	if (!o->output)
		output_standard(&r->out, stdout, color);
	else if (output_open(&r->out, o->output, color))
		return -1;
	if (!inspect_rows_init(&r->rows, o, &r->out))
		return 0;
	output_abandon(&r->out);
	return -1;
}

/* Until the next look.  False: nobody reads any more, which a write would find out when there is news. */
static bool wait(const struct run *r)
{
	struct pollfd p = { .fd = fileno(r->out.file) };
	int came = poll(&p, 1, (int)r->o->watch * 1000);

	if (came > 0 && p.revents & (POLLERR | POLLHUP)) {
		raise(SIGPIPE);
		say("stdout: %s", strerror(EPIPE)); /* it is ignored */
		return false;
	}
	if (came < 0 && errno != EINTR) /* poll is denied */
		nanosleep(&(struct timespec){ .tv_sec = (time_t)r->o->watch }, NULL);
	return true;
}

int inspect_run(const struct inspect_opts *o, enum output_color color, struct inspect_found *found)
{
	struct run r = { .o = o };
	bool first = true;

	if (mounted_check() || open_out(&r, color))
		return EXIT_OWN;
	if (o->watch)
		r.news = news_new();
	pin_named(&r);
	while (look(&r, !o->watch || first) && o->watch) {
		first = false;
		r.broken = !wait(&r);
		if (r.broken)
			break;
	}
	for (size_t i = 0; i < o->npids; i++)
		pinned_close(&r.pinned[i]);
	r.broken |= r.out.file && output_close(&r.out);
	*found = (struct inspect_found){ r.kept, r.unseen };
	news_free(r.news);
	free(r.pinned);
	free(r.all);
	free(r.json.buf);
	return status_of(&r);
}
