/*
 * trace.c: fdfence trace: every exec on the machine, seen by the kernel.
 *
 * Parse, open, run, close.  A thread drains the ring (queue.c); this file
 * is the main thread: it decodes, judges and writes until CMD ends, the time is
 * over or a signal comes.
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/commands/command.h"
#include "tools/proc/ownfds.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/decode.h"
#include "tools/kernel/images.h"
#include "tools/kernel/queue.h"
#include "tools/kernel/request.h"
#include "tools/kernel/seed.h"
#include "tools/start/held.h"
#include "tools/trace/judge.h"
#include "tools/trace/options.h"
#include "tools/trace/out.h"
#include "tools/trace/snapshot.h"
#include "tools/trace/summary.h"
#include "tools/trace/text.h"

struct totals {
	unsigned long long execs, leaked, kept, would, lost;
};

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

static void catch_signals(void)
{
	struct sigaction sa = { .sa_handler = on_stop };

	sigaction(SIGINT, &sa, NULL);
	sigaction(SIGTERM, &sa, NULL);
	sa.sa_handler = on_hup;
	sigaction(SIGHUP, &sa, NULL);
	signal(SIGPIPE, SIG_IGN);
}

static bool shows(const struct trace_judged *j, const struct trace_opts *o)
{
	size_t i;

	for (i = 0; i < j->x->nfds; i++)
		if (trace_wants(o, j, i))
			return true;
	/* Also an exec of which nothing but the loss is known. */
	return (o->show & SHOW_CLEAN || j->lost) && trace_wants(o, j, j->x->nfds);
}

/* -1: the output is gone. */
static int one_exec(struct trace_exec *x, const struct trace_opts *o, const struct decode *d,
		    bool prepares, struct totals *sum)
{
	struct trace_judged j;
	int r = 0;

	trace_judge(&j, x, o, prepares, decode_cgroup(d, x->begin.cgroup));
	sum->execs++;
	sum->leaked += j.leaked;
	sum->kept += j.kept;
	sum->would += j.would;
	sum->lost += j.lost;
	if (o->summary) {
		trace_sum_note(&j, o);
	} else if (shows(&j, o)) {
		if (o->json)
			trace_out_json(&j, o);
		else
			trace_text(&j, o);
		r = trace_out_done();
	}
	trace_judged_free(&j);
	return r;
}

static int one_chunk(struct trace_chunk *c, const struct trace_opts *o, struct decode *d,
		     bool prepares, struct totals *sum)
{
	struct trace_exec *x;
	uint64_t len;
	size_t at;
	int r = 0;

	for (at = 0; at < c->len; at += (len + 15) & ~7ull) {
		memcpy(&len, c->data + at, sizeof(len));
		x = decode_feed(d, c->data + at + 8, len);
		if (x && !r)
			r = one_exec(x, o, d, prepares, sum);
		else if (x)
			trace_exec_free(x);
	}
	free(c);
	return r;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* True when CMD has ended; its status is in *status then. */
static bool ended(pid_t pid, int *status)
{
	int st;

	if (pid <= 0 || waitpid(pid, &st, WNOHANG) != pid)
		return false;
	*status = WIFSIGNALED(st) ? 128 + WTERMSIG(st) : WEXITSTATUS(st);
	return true;
}

static int watch(struct trace_bpf *b, const struct trace_opts *o, struct decode *d, pid_t child,
		 int *status, struct totals *sum)
{
	struct trace_queue *q = trace_queue_start(trace_bpf_ring(b));
	double end = o->duration ? now() + o->duration : 0;
	bool prepares = trace_bpf_prepares(b);
	struct trace_chunk *c;
	int r = 0;

	if (!q)
		return -1;
	while (!stop && !r && !(end && now() >= end) && !ended(child, status)) {
		c = trace_queue_take(q, 50);
		if (c)
			r = one_chunk(c, o, d, prepares, sum);
		if (reopen) {
			reopen = 0;
			trace_out_reopen();
		}
	}
	trace_bpf_detach(b);
	trace_queue_stop(q);
	while ((c = trace_queue_take(q, 0)))
		if (one_chunk(c, o, d, prepares, sum))
			r = -1;
	trace_queue_free(q);
	return r;
}

static void note_own(void *ctx, const struct own_fd *f)
{
	void **args = ctx;

	trace_bpf_given(args[0], *(uint64_t *)args[1], f->d.fd);
}

/* Let CMD's process in: it is the root of the tree, and what we were given it was given. */
static void adopt(struct trace_bpf *b, pid_t child, int go)
{
	uint64_t id = TRACE_SEED | (uint64_t)child;
	void *args[2] = { b, &id };

	trace_images_put(id, "");
	trace_bpf_image(b, child, id, true);
	ownfds_each(note_own, args);
	if (write(go, "", 1) != 1)
		say("trace: cannot start the command: %s", strerror(errno));
	close(go);
}

/* Returns whether something was lost. */
static bool closing(struct trace_bpf *b, const struct trace_opts *o, const struct decode *d,
		    const struct totals *sum)
{
	struct fdt_counts c = trace_bpf_counts(b);
	struct decode_counts dc = decode_counts(d);
	unsigned long long missed = trace_bpf_missed(b);
	bool lost = c.lost || c.dropped || c.untracked || c.ungrouped || missed || dc.bad ||
		    dc.torn || sum->lost;

	if (!o->quiet)
		say("trace: %llu execs, %llu descriptors leaked, %llu kept, %llu would have leaked",
		    (unsigned long long)c.execs, sum->leaked, sum->kept, sum->would);
	if (lost)
		say("trace: lost: %llu descriptors did not fit the ring or --max-fds, %llu other "
		    "records, "
		    "%llu execs torn, %llu processes not tracked, %llu descriptors beyond the "
		    "summary, %llu program runs missed, %llu "
		    "records "
		    "refused",
		    sum->lost, (unsigned long long)c.lost, (unsigned long long)dc.torn,
		    (unsigned long long)c.untracked, (unsigned long long)c.ungrouped, missed,
		    (unsigned long long)dc.bad);
	return lost;
}

static int run(struct trace_bpf *b, const struct trace_opts *o, pid_t child, int go)
{
	struct decode *d = decode_new();
	struct totals sum = { 0 };
	int status = 0, r;

	if (!d)
		return EXIT_OWN;
	catch_signals();
	if (trace_bpf_attach(b)) {
		decode_free(d);
		return EXIT_OWN;
	}
	if (o->pid || !trace_bpf_prepares(b))
		seed_images(b, o->pid);
	if (child)
		adopt(b, child, go);
	trace_bpf_drop_caps();
	r = watch(b, o, d, child, &status, &sum);
	if (o->summary) {
		trace_sum_print(b);
		trace_out_done();
	}
	if (closing(b, o, d, &sum) && !status)
		status = EXIT_LOST;
	decode_free(d);
	return r && !status ? EXIT_OWN : status;
}

static int traced(struct trace_opts *o, enum output_color color)
{
	struct trace_bpf *b;
	pid_t child = 0;
	int r, go = -1;

	if (trace_out_open(o))
		return EXIT_OWN;
	o->color = output_wants_color(trace_out_file(), color);
	if (!o->json && trace_text_open(o))
		return EXIT_OWN;
	b = trace_bpf_open(o);
	if (!b)
		return EXIT_OWN;
	if (o->snapshot) {
		r = trace_snapshot(b, o);
		goto out;
	}
	if (o->cmd)
		child = trace_cmd_start(o->cmd, &go);
	r = child < 0 ? EXIT_OWN : run(b, o, child, go);
out:
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
