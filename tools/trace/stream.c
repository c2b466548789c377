/*
 * stream.c: what the ring holds, decoded, judged and shown, and its sums.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/kernel/decode.h"
#include "tools/trace/judge.h"
#include "tools/trace/stream.h"

struct trace_stream {
	struct trace_bpf *bpf;
	const struct trace_opts *opts;
	struct trace_view *view;
	struct decode *decode;
	bool prepares;
};

struct trace_stream *trace_stream_new(struct trace_bpf *b, const struct trace_opts *o,
				      struct trace_view *v)
{
	struct trace_stream *s = must_alloc(sizeof(*s));

	*s = (struct trace_stream){ .bpf = b,
				    .opts = o,
				    .view = v,
				    .decode = decode_new(),
				    .prepares = trace_bpf_prepares(b) };
	return s;
}

void trace_stream_free(struct trace_stream *s)
{
	decode_free(s->decode);
	free(s);
}

/* -1: the output is gone. */
static int one_exec(struct trace_stream *s, struct trace_exec *x)
{
	struct trace_judged j;
	int r;

	trace_judge(&j, x, s->opts, s->prepares, decode_cgroup(s->decode, x->begin.cgroup));
	r = trace_view_exec(s->view, &j);
	trace_judged_free(&j);
	return r;
}

int trace_stream_feed(struct trace_stream *s, struct trace_chunk *c)
{
	struct trace_exec *x;
	uint64_t len;
	size_t at;
	int r = 0;

	for (at = 0; at < c->len; at += (len + 15) & ~7ull) {
		memcpy(&len, c->data + at, sizeof(len));
		x = decode_feed(s->decode, c->data + at + 8, len);
		if (x && !r)
			r = one_exec(s, x);
		else if (x)
			trace_exec_free(x);
	}
	free(c);
	return r;
}

static const char *plural(unsigned long long n)
{
	return n == 1 ? "" : "s";
}

/* Of the same things as what was shown: behind the filters, whatever --show leaves out. */
static void figures(const struct trace_opts *o, const struct trace_totals *t,
		    unsigned long long execs)
{
	bool all = filter_is_none(&o->filter);
	char *of = all ? must_printf("%llu exec%s, ", execs, plural(execs))
		       : must_dup("of what was asked for: ");

	/* The kernel tells of what was sealed where somebody asks. */
	if (o->show & SHOW_WOULD)
		say("trace: %s%llu descriptor%s leaked, %llu kept, %llu would have leaked", of,
		    t->leaked, plural(t->leaked), t->kept, t->would);
	else
		say("trace: %s%llu descriptor%s leaked, %llu kept", of, t->leaked,
		    plural(t->leaked), t->kept);
	if (t->killed)
		say("trace: %llu descriptor%s denied: the exec was ended", t->killed,
		    plural(t->killed));
	free(of);
}

int trace_stream_close(struct trace_stream *s, struct trace_lost *lost)
{
	struct fdt_counts c = trace_bpf_counts(s->bpf);
	struct decode_counts dc = decode_counts(s->decode);
	unsigned long long missed = trace_bpf_missed(s->bpf);
	int r = trace_view_finish(s->view, s->bpf);
	struct trace_totals sum = trace_view_totals(s->view);

	lost->records = c.lost + c.untracked + c.ungrouped + missed + dc.bad + dc.torn;
	lost->any = lost->records || c.dropped || sum.lost;
	if (!s->opts->quiet)
		figures(s->opts, &sum, c.execs);
	if (lost->any)
		say("trace: lost: %llu descriptors did not fit the ring or --max-fds, %llu other "
		    "records, %llu execs torn, %llu processes not tracked, %llu descriptors beyond "
		    "the summary, %llu program runs missed, %llu records refused",
		    sum.lost, (unsigned long long)c.lost, (unsigned long long)dc.torn,
		    (unsigned long long)c.untracked, (unsigned long long)c.ungrouped, missed,
		    (unsigned long long)dc.bad);
	return r;
}
