/*
 * trace.c: fdfence trace: every exec on the machine, seen by the kernel.
 *
 * Parse, open, run, close.  A thread drains the ring (queue.c); this file is the
 * main thread: it feeds the stream until CMD ends, the time is over or, without
 * CMD, a signal comes.  With CMD signals are handed on to it (child.h).
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/commands/command.h"
#include "tools/proc/ownfds.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/images.h"
#include "tools/kernel/queue.h"
#include "tools/kernel/request.h"
#include "tools/kernel/seed.h"
#include "tools/start/child.h"
#include "tools/start/launch.h"
#include "tools/trace/options.h"
#include "tools/trace/out.h"
#include "tools/trace/snapshot.h"
#include "tools/trace/stream.h"
#include "tools/trace/text.h"

static volatile sig_atomic_t stop, reopen;

static void on_stop(int sig)
{
	(void)sig;
	stop = 1;
}

static void on_hup(int sig)
{
	(void)sig;
	reopen = 1;
}

/* Without CMD; with one child_hold() has them. */
static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_stop };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sa.sa_handler = on_hup;
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

struct watch {
	struct trace_bpf *bpf;
	const struct trace_opts *opts;
	struct trace_stream *stream;
	struct child *child; /* CMD, while it has not ended; NULL: none */
	int status;	     /* of CMD */
};

/* CMD has ended; without one, somebody asks us to end. */
static bool over(struct watch *w)
{
	if (!w->child)
		return stop;
	if (!child_ended(w->child, 0, &w->status))
		return false;
	w->child = NULL;
	return true;
}

static void look_for_hup(struct watch *w)
{
	if (w->child && sigismember(&w->child->seen, SIGHUP) == 1) {
		sigdelset(&w->child->seen, SIGHUP);
		reopen = 1;
	}
	if (reopen) {
		reopen = 0;
		trace_out_reopen();
	}
}

static int watch(struct watch *w)
{
	struct trace_queue *q = trace_queue_start(trace_bpf_ring(w->bpf));
	double end = w->opts->duration ? now() + w->opts->duration : 0;
	struct trace_chunk *c;
	int r = 0;

	if (!q)
		return -1;
	while (!r && !(end && now() >= end) && !over(w)) {
		c = trace_queue_take(q, 50);
		if (c)
			r = trace_stream_feed(w->stream, c);
		look_for_hup(w);
	}
	trace_bpf_detach(w->bpf);
	trace_queue_stop(q);
	while ((c = trace_queue_take(q, 0)))
		if (trace_stream_feed(w->stream, c))
			r = -1;
	trace_queue_free(q);
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

	trace_images_put(id, "");
	trace_bpf_image(b, child, id, true);
	ownfds_each(note_own, args);
}

/* Attached, and CMD let go: from here to its status. */
static int watched(struct watch *w)
{
	bool broken = watch(w) != 0, lost = trace_stream_close(w->stream);

	/* The time is over or the output is gone, but CMD is our child. */
	if (w->child)
		w->status = child_wait(w->child, NULL, NULL);
	if (w->status)
		return w->status;
	return lost ? EXIT_LOST : broken ? EXIT_OWN : 0;
}

static int attach(struct watch *w)
{
	const struct trace_opts *o = w->opts;
	int err;

	if (trace_bpf_attach(w->bpf)) {
		if (w->child)
			child_kill(w->child);
		return EXIT_OWN;
	}
	if (o->pid || !trace_bpf_prepares(w->bpf))
		seed_images(w->bpf, (pid_t)o->pid);
	if (w->child)
		adopt(w->bpf, w->child->pid);
	trace_bpf_drop_caps();
	err = w->child ? child_go(w->child) : 0;
	return err ? launch_failed(o->cmd[0], err) : watched(w);
}

static int become(void *ctx)
{
	char **cmd = ctx;

	execvp(cmd[0], cmd);
	return errno;
}

/* CMD is there before anything is attached, and execs after. */
static int run(struct trace_bpf *b, const struct trace_opts *o)
{
	struct watch w = { .bpf = b, .opts = o };
	struct child child;
	int r;

	if (o->cmd) {
		if (child_hold(&child, become, o->cmd))
			return EXIT_OWN;
		w.child = &child;
	} else {
		catch_signals();
	}
	w.stream = trace_stream_new(b, o);
	r = attach(&w);
	trace_stream_free(w.stream);
	return r;
}

static int traced(struct trace_opts *o, enum output_color color)
{
	struct trace_bpf *b;
	int r;

	if (trace_out_open(o))
		return EXIT_OWN;
	o->color = output_wants_color(trace_out_file(), color);
	if (!o->json && trace_text_open(o))
		return EXIT_OWN;
	b = trace_bpf_open(o);
	if (!b)
		return EXIT_OWN;
	r = o->snapshot ? trace_snapshot(b, o) : run(b, o);
	trace_bpf_close(b);
	trace_text_close();
	trace_out_close();
	return r;
}

static int trace(int argc, char **argv)
{
	struct trace_line l;
	int r;

	r = trace_line_parse(&l, argc, argv);
	if (r == OPTIONS_CONTINUE)
		r = traced(&l.opts, l.config.color);
	config_free(&l.config);
	return r;
}

const struct subcommand command_trace = { &trace_options, trace };
