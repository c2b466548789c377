/*
 * trace.c: fdfence trace: every exec on the machine, seen by the kernel.
 *
 * Parse, open, run, close.  A thread drains the ring (queue.c); this file is the
 * main thread: it feeds the stream until CMD ends, the time is over or, without
 * CMD, a signal comes.  With CMD signals are handed on to it (child.h).
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/inputs.h"
#include "tools/commands/command.h"
#include "tools/commands/recorded.h"
#include "tools/proc/machine.h"
#include "tools/proc/ownfds.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/images.h"
#include "tools/kernel/queue.h"
#include "tools/kernel/request.h"
#include "tools/kernel/seed.h"
#include "tools/start/child.h"
#include "tools/start/launch.h"
#include "tools/start/tree.h"
#include "tools/trace/guard.h"
#include "tools/trace/options.h"
#include "tools/trace/snapshot.h"
#include "tools/trace/stream.h"
#include "tools/trace/view.h"

static void signals_to_end_or_reopen(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGINT);
	sigaddset(set, SIGTERM);
	sigaddset(set, SIGHUP);
}

/* Without CMD; with one child_hold() has blocked more than these. */
static void block_signals(void)
{
	sigset_t set;

	signals_to_end_or_reopen(&set);
	sigaddset(&set, SIGPIPE); /* a write tells */
	sigaddset(&set, SIGXFSZ);
	sigprocmask(SIG_BLOCK, &set, NULL);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* For the reports. */
struct outcome {
	bool looked; /* there is something to report on, if it is nothing that leaks */
	struct recorded_gaps gaps;
	struct recorded_sums sums;
};

struct watch {
	struct trace_bpf *bpf;
	const struct trace_opts *opts;
	struct trace_view *view;
	struct trace_stream *stream;
	struct trace_queue *queue;
	struct child *child; /* CMD, while it has not ended; NULL: none */
	int root;	     /* pidfd of --pid; -1: not given */
	int status;	     /* of CMD */
	struct outcome *outcome;
	sigset_t seen;	   /* without CMD: what came */
	bool ended;	   /* CMD */
	bool stop, reopen; /* a signal asks for it */
};

static bool take(sigset_t *seen, int sig)
{
	bool came = sigismember(seen, sig) == 1;

	sigdelset(seen, sig);
	return came;
}

/* Look after the signals and CMD: at every exec, and while nobody takes the output. */
static void look(struct watch *w)
{
	sigset_t set, *seen = &w->seen;
	bool interrupted, terminated;
	int sig;

	signals_to_end_or_reopen(&set);
	if (w->child) {
		seen = &w->child->seen;
		tree_reap(w->child);
		w->ended = child_ended(w->child, 0, &w->status);
	} else {
		while ((sig = sigtimedwait(&set, NULL, &(struct timespec){ 0 })) > 0)
			sigaddset(seen, sig);
	}
	if (take(seen, SIGHUP))
		w->reopen = true;
	interrupted = take(seen, SIGINT);
	terminated = take(seen, SIGTERM);
	if (interrupted || terminated) {
		w->stop = true;
		guard_ending();
	}
	if (w->ended)
		w->child = NULL;
}

static bool stopped(void *ctx)
{
	look(ctx);
	return ((struct watch *)ctx)->stop;
}

static bool root_ended(const struct watch *w)
{
	struct pollfd p = { .fd = w->root, .events = POLLIN };

	if (w->root < 0 || poll(&p, 1, 0) != 1)
		return false;
	if (!w->opts->quiet)
		say("trace: --pid %d: the process has ended", (int)w->opts->pid);
	return true;
}

/* CMD has ended; without one, somebody asks us to end, or the process of --pid has ended. */
static bool over(struct watch *w)
{
	look(w);
	if (w->reopen)
		trace_view_reopen(w->view);
	w->reopen = false;
	return w->opts->cmd ? w->ended : w->stop || root_ended(w);
}

static int watch(struct watch *w)
{
	struct trace_queue *q = w->queue;
	double end = w->opts->duration ? now() + w->opts->duration : 0;
	struct trace_chunk *c;
	unsigned running;
	int r = 0;

	guard_start(w->child ? &w->child->cmd : NULL);
	trace_view_patience(w->view, stopped, w);
	while (!r && !(end && now() >= end) && !over(w)) {
		c = trace_queue_take(q, 50);
		if (c)
			r = trace_stream_feed(w->stream, c);
	}
	/* before the last exec is taken: who ends between the two would be in neither */
	running = w->ended ? tree_running(NULL, 0) : 0;
	w->outcome->gaps.running = running;
	trace_bpf_detach(w->bpf);
	trace_queue_stop(q);
	while ((c = trace_queue_take(q, 0))) {
		if (r)
			free(c);
		else
			r = trace_stream_feed(w->stream, c);
	}
	if (running && !w->opts->quiet)
		say("trace: %u process%s still ran when the command had ended; what %s from there "
		    "on "
		    "is not shown",
		    running, running == 1 ? "" : "es", running == 1 ? "it leaks" : "they leak");
	return r;
}

static void note_own(void *ctx, const struct own_fd *f)
{
	void **args = ctx;

	trace_bpf_given(args[0], *(uint64_t *)args[1], f->d.fd);
}

/* CMD is the root of the tree, and what we were given it was given. */
static void adopt(struct trace_bpf *b, pid_t child)
{
	uint64_t id = TRACE_SEED | (uint64_t)child;
	void *args[2] = { b, &id };

	trace_images_put(id, &(struct trace_image){ .exe = (char *)"" });
	trace_bpf_image(b, child, id, true, NULL);
	ownfds_each(note_own, args);
}

/* All that watches is there, and CMD let go: from here to its status. */
static int watched(struct watch *w)
{
	bool broken = watch(w) != 0;
	struct trace_lost lost;

	broken |= trace_stream_close(w->stream, &lost) != 0;
	w->outcome->looked = true;
	w->outcome->gaps.lost = lost.records;

	/* The time is over or the output is gone, but CMD is our child. */
	if (w->child)
		w->status = child_wait(w->child, NULL, NULL);
	if (broken)
		return EXIT_OWN;
	return w->status ? w->status : lost.any ? EXIT_LOST : 0;
}

static int attach(struct watch *w)
{
	const struct trace_opts *o = w->opts;

	if (trace_bpf_attach(w->bpf))
		return -1;
	if (o->pid || !trace_bpf_prepares(w->bpf))
		seed_images(w->bpf, (pid_t)o->pid);
	if (w->child)
		adopt(w->bpf, w->child->cmd.pid);
	trace_bpf_drop_caps(); /* of each thread its own: before there is another */
	w->queue = trace_queue_start(trace_bpf_ring(w->bpf));
	return w->queue ? 0 : -1;
}

static int start(struct watch *w)
{
	int err, r;

	if (attach(w)) {
		if (w->child)
			child_kill(w->child);
		return EXIT_OWN;
	}
	err = w->child ? child_go(w->child) : 0;
	if (err)
		trace_queue_stop(w->queue);
	r = err ? launch_failed(w->opts->cmd[0], err) : watched(w);
	trace_queue_free(w->queue);
	return r;
}

static int become(void *ctx)
{
	char **cmd = ctx;

	execvp(cmd[0], cmd);
	return errno;
}

/* Held by a pidfd: its number may be used again. */
static int open_root(struct watch *w)
{
	if (!w->opts->pid)
		return 0;
	w->root = (int)syscall(SYS_pidfd_open, (pid_t)w->opts->pid, 0);
	if (w->root >= 0)
		return 0;
	/* Of a thread it is EINVAL, or ENOENT in newer kernels. */
	if (errno == ESRCH || errno == EINVAL || errno == ENOENT)
		say("trace: --pid %d: %s", (int)w->opts->pid,
		    errno == ESRCH ? "there is no such process" : "a thread, not a process");
	else
		say("trace: --pid %d: pidfd_open: %s", (int)w->opts->pid, strerror(errno));
	return -1;
}

/* CMD is there before anything is attached, and execs after. */
static int run(struct trace_bpf *b, const struct trace_opts *o, struct trace_view *v,
	       struct outcome *outcome)
{
	struct watch w = { .bpf = b, .opts = o, .view = v, .root = -1, .outcome = outcome };
	struct child child;
	int r;

	if (open_root(&w))
		return EXIT_OWN;
	if (o->cmd) {
		tree_adopt();
		if (child_hold(&child, become, o->cmd))
			return EXIT_OWN;
		w.child = &child;
	} else {
		if (child_check())
			return EXIT_OWN;
		block_signals();
	}
	w.stream = trace_stream_new(b, o, v);
	r = start(&w);
	trace_stream_free(w.stream);
	if (w.root >= 0)
		close(w.root);
	return r;
}

/* The kernel side would look for a process by a number that is another's. */
static bool is_misled(const struct trace_opts *o)
{
	if ((!o->cmd && !o->pid) || !machine_other_pids())
		return false;
	say("trace: %s is looked for by the kernel's own process numbers, and this is a pid "
	    "namespace "
	    "with others: trace from the host, or in a container that shares its processes "
	    "(--pid=host)",
	    o->cmd ? "a command" : "--pid");
	return true;
}

static void take_sums(struct recorded_sums *to, const struct trace_view *v)
{
	struct trace_totals t = trace_view_totals(v);

	*to = (struct recorded_sums){ t.kept, t.below, t.below_open };
}

static int traced(const struct trace_opts *o, enum output_color color, struct outcome *outcome)
{
	struct trace_view *v;
	struct trace_bpf *b;
	int r = EXIT_OWN;

	if (is_misled(o))
		return EXIT_OWN;
	v = trace_view_open(o, color);
	b = v ? trace_bpf_open(o) : NULL;

	if (b) {
		r = o->snapshot ? trace_snapshot(b, o, v) : run(b, o, v, outcome);
		outcome->looked |= o->snapshot && r == 0;
		trace_bpf_close(b);
		take_sums(&outcome->sums, v);
	}
	if (v)
		trace_view_close(v);
	return r;
}

/* With the reports that are asked for, if any. */
static int reported(struct trace_line *l)
{
	static char *nothing[] = { NULL };
	enum output_color color = (enum output_color)l->config.color;
	struct trace_opts *o = &l->opts;
	struct outcome outcome = { .gaps = { .min_severity = o->min_severity,
					     .filters = filter_text(&o->filter),
					     .environment = l->config.environment } };
	struct recorded reports;
	int r;

	if (o->cmd)
		inputs_add_program(o->cmd[0]);
	if (recorded_open(&reports, &l->reports, color)) {
		free(outcome.gaps.filters);
		return EXIT_OWN;
	}
	if (reports.merge) {
		o->record = recorded_take;
		o->record_ctx = &reports;
	}
	r = traced(o, color, &outcome);
	if (outcome.looked)
		recorded_remarks(&outcome.gaps, &outcome.sums, o->quiet);
	if (outcome.looked &&
	    recorded_write(&reports, "trace", o->cmd ? o->cmd : nothing, &outcome.gaps))
		r = EXIT_OWN;
	recorded_close(&reports);
	free(outcome.gaps.filters);
	return r;
}

static int trace(int argc, char **argv)
{
	struct trace_line l;
	int r;

	r = trace_line_parse(&l, argc, argv);
	if (r == OPTIONS_CONTINUE)
		r = reported(&l);
	config_free(&l.config);
	return r;
}

const struct subcommand command_trace = { &trace_options, trace };
