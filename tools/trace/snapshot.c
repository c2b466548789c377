/*
 * snapshot.c: --snapshot: which live processes hold descriptors now that
 * would cross their next exec.
 *
 * Nothing is judged: which image comes next, and what it is meant to have, is
 * not known yet.  FROM is the image that runs, INTO is empty.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/decode.h"
#include "tools/kernel/request.h"
#include "tools/trace/judge.h"
#include "tools/trace/out.h"
#include "tools/trace/snapshot.h"
#include "tools/trace/text.h"

static void tell(struct trace_exec *x, const struct trace_opts *o)
{
	struct trace_judged j;
	size_t i;

	trace_judge(&j, x, o, true, "");
	j.exec.event = "snapshot";
	j.exec.exe = j.exec.into;
	j.exec.into = fdf_str("");
	free(j.exe);
	j.exe = j.into;
	j.into = must_dup("");
	j.inexact = NULL;
	for (i = 0; i < x->nfds; i++)
		if (trace_wants(o, &j, i))
			break;
	if (i < x->nfds && o->json)
		trace_out_json(&j, o);
	else if (i < x->nfds)
		trace_text(&j, o);
	trace_judged_free(&j);
}

/* The first record of len bytes, once it is whole; 0: not yet. */
static size_t whole(const char *buf, size_t len)
{
	struct fdt_head h;

	if (len < sizeof(h))
		return 0;
	memcpy(&h, buf, sizeof(h));
	return h.size <= len ? h.size : 0;
}

int trace_snapshot(struct trace_bpf *b, const struct trace_opts *o)
{
	static char buf[1 << 18];
	struct decode *d = decode_new();
	int fd = trace_bpf_snapshot(b);
	size_t len = 0, at, n;
	ssize_t r = -1;

	while (fd >= 0 && d && (r = read(fd, buf + len, sizeof(buf) - len)) > 0) {
		len += (size_t)r;
		for (at = 0; (n = whole(buf + at, len - at)) >= sizeof(struct fdt_head); at += n) {
			struct trace_exec *x = decode_feed(d, buf + at, n);

			if (x)
				tell(x, o);
		}
		memmove(buf, buf + at, len - at);
		len -= at;
	}
	if (r < 0 && fd >= 0)
		say("trace: --snapshot: %s", strerror(errno));
	if (fd >= 0)
		close(fd);
	if (d)
		decode_free(d);
	return r || trace_out_done() ? EXIT_OWN : 0;
}
