/*
 * stream.c: what the ring holds, decoded, judged and written, and its sums.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/kernel/decode.h"
#include "tools/trace/judge.h"
#include "tools/trace/out.h"
#include "tools/trace/stream.h"
#include "tools/trace/summary.h"
#include "tools/trace/text.h"

struct totals {
	unsigned long long execs, leaked, kept, would, lost;
};

struct trace_stream {
	struct trace_bpf *bpf;
	const struct trace_opts *opts;
	struct decode *decode;
	bool prepares;
	struct totals sum;
};

struct trace_stream *trace_stream_new(struct trace_bpf *b, const struct trace_opts *o)
{
	struct trace_stream *s = must_alloc(sizeof(*s));

	*s = (struct trace_stream){
		.bpf = b, .opts = o, .decode = decode_new(), .prepares = trace_bpf_prepares(b)
	};
	return s;
}

void trace_stream_free(struct trace_stream *s)
{
	decode_free(s->decode);
	free(s);
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
static int one_exec(struct trace_stream *s, struct trace_exec *x)
{
	const struct trace_opts *o = s->opts;
	struct totals *sum = &s->sum;
	struct trace_judged j;
	int r = 0;

	trace_judge(&j, x, o, s->prepares, decode_cgroup(s->decode, x->begin.cgroup));
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

bool trace_stream_close(const struct trace_stream *s)
{
	const struct totals *sum = &s->sum;
	struct fdt_counts c = trace_bpf_counts(s->bpf);
	struct decode_counts dc = decode_counts(s->decode);
	unsigned long long missed = trace_bpf_missed(s->bpf);
	bool lost = c.lost || c.dropped || c.untracked || c.ungrouped || missed || dc.bad ||
		    dc.torn || sum->lost;

	if (s->opts->summary) {
		trace_sum_print(s->bpf);
		trace_out_done();
	}
	if (!s->opts->quiet)
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
