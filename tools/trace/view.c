/*
 * view.c: what a user sees of the execs: rows, records or a summary, and the
 * figures that go with them; and records for who makes a report of them.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/trace/guard.h"
#include "tools/trace/json.h"
#include "tools/trace/out.h"
#include "tools/trace/summary.h"
#include "tools/trace/text.h"
#include "tools/trace/view.h"

struct trace_view {
	const struct trace_opts *o;
	struct trace_opts reported; /* the same, but for what is shown: a report has its own idea */
	struct trace_out *out;	    /* NULL: nothing is shown as it comes */
	struct view_rows rows;	    /* one of the three, */
	struct trace_summary *summary; /* if it is there, */
	struct view_json json;	       /* or with --format json */
	struct trace_totals totals;
};

struct trace_view *trace_view_open(const struct trace_opts *o, enum output_color color)
{
	struct trace_view *v = must_alloc(sizeof(*v));
	int bad = 0;

	v->o = o;
	v->reported = *o;
	v->reported.show = SHOW_LEAKED | SHOW_KEPT;
	v->reported.min_severity = FDF_LOW; /* it tells what it leaves out */
	if (!o->rows && !o->json)
		return v;
	v->out = trace_out_open(o->output, o->rotate, o->keep_files);
	if (v->out && o->summary)
		v->summary = trace_summary_new();
	else if (v->out && !o->json)
		bad = trace_rows_init(&v->rows, o, trace_out_fd(v->out),
				      output_wants_color(trace_out_fd(v->out), color));
	if (v->out && !bad)
		return v;
	trace_view_close(v);
	return NULL;
}

void trace_view_close(struct trace_view *v)
{
	if (v->out)
		trace_out_close(v->out);
	if (v->summary)
		trace_summary_free(v->summary);
	free(v->json.buf);
	free(v);
}

static void count(struct trace_view *v, const struct trace_judged *j)
{
	for (size_t i = 0; i < j->x->nfds; i++) {
		bool killed = trace_is_killed(j, i);

		if (trace_is_below(v->o, j, i)) {
			v->totals.below++;
			v->totals.below_open += fdf_severity_of(&j->x->fds[i].d).at_least;
		}
		if (!trace_matches(v->o, j, i))
			continue;
		v->totals.killed += killed;
		v->totals.leaked += trace_kind(j, i) == SHOW_LEAKED && !killed;
		v->totals.kept += trace_kind(j, i) == SHOW_KEPT;
		v->totals.would += trace_kind(j, i) == SHOW_WOULD;
	}
	v->totals.lost += j->lost;
}

static bool shows(const struct trace_view *v, const struct trace_judged *j)
{
	for (size_t i = 0; i < j->x->nfds; i++)
		if (trace_wants(v->o, j, i))
			return true;
	/* Also an exec of which nothing but the loss is known. */
	return (v->o->show & SHOW_CLEAN || j->lost) && trace_wants(v->o, j, j->x->nfds);
}

static int put(struct trace_view *v, char *text)
{
	int r = trace_out_write(v->out, text, strlen(text));

	free(text);
	return r;
}

int trace_view_exec(struct trace_view *v, const struct trace_judged *j)
{
	size_t n;

	guard_step();
	count(v, j);
	if (v->o->record && trace_matches(v->o, j, j->x->nfds)) {
		n = trace_json(&v->json, j, &v->reported);
		v->o->record(v->o->record_ctx, v->json.buf, n);
	}
	if (v->summary) {
		trace_summary_note(v->summary, j, v->o);
		return 0;
	}
	if (!v->out || !shows(v, j))
		return 0;
	if (!v->o->json)
		return put(v, trace_rows(&v->rows, j, v->o));
	n = trace_json(&v->json, j, v->o);
	v->totals.lost += v->json.unfit;
	return trace_out_write(v->out, v->json.buf, n);
}

int trace_view_finish(struct trace_view *v, struct trace_bpf *b)
{
	if (!v->summary)
		return 0;
	trace_summary_finish(v->summary, b);
	v->totals.leaked = trace_summary_count(v->summary, SHOW_LEAKED, false);
	v->totals.killed = trace_summary_count(v->summary, SHOW_LEAKED, true);
	v->totals.kept = trace_summary_count(v->summary, SHOW_KEPT, false);
	v->totals.would = trace_summary_count(v->summary, SHOW_WOULD, false);
	v->totals.below = trace_summary_below(v->summary, false);
	v->totals.below_open = trace_summary_below(v->summary, true);
	if (v->o->json)
		return put(v, trace_summary_json(v->summary, v->o->show));
	return put(v, trace_summary_text(v->summary, v->o->show,
					 terminal_width(trace_out_fd(v->out))));
}

void trace_view_patience(struct trace_view *v, bool (*stopped)(void *ctx), void *ctx)
{
	if (v->out)
		trace_out_patience(v->out, stopped, ctx);
}

struct trace_totals trace_view_totals(const struct trace_view *v)
{
	return v->totals;
}

void trace_view_reopen(struct trace_view *v)
{
	if (v->out)
		trace_out_reopen(v->out);
}
