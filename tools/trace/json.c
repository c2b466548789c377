/*
 * json.c: an exec that the kernel told as a record.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/record.h"
#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/trace/json.h"

#define FIRST_CAP (1u << 18) /* bytes; enough for ARGV_MAX and most tables */
#define ARGV_MAX  65536

/* Members that only the tracer has, in front of the descriptors. */
static void add_place(struct fdf_record *r, const struct trace_judged *j)
{
	static const char fds[] = ",\"fds\":[";
	const struct trace_exec *x = j->x;
	const struct fdt_who *new = &x->begin.who;
	size_t n = sizeof(fds) - 1;
	struct fdf_text t;
	char cred[32];

	if (r->len < n || memcmp(r->buf + r->len - n, fds, n))
		return;
	t = (struct fdf_text){ .p = r->buf + r->len - n, .end = r->buf + r->cap / 2 };
	fdf_putmember(&t, "cgroup", fdf_str(j->cgroup), 8192);
	fdf_putmember(&t, "container", fdf_str(j->container), 512);
	fdf_putnumber(&t, "mnt_ns", x->begin.mnt_ns);
	fdf_putnumber(&t, "pid_ns", x->begin.pid_ns);
	if (x->have_prep && (x->prep.who.uid != new->uid || x->prep.who.gid != new->gid)) {
		snprintf(cred, sizeof(cred), "%u:%u", new->uid, new->gid);
		fdf_putmember(&t, "into_cred", fdf_str(cred), 64);
	}
	if (x->end.killed)
		fdf_puts(&t, ",\"killed\":true");
	fdf_puts(&t, fds);
	if (!t.full)
		r->len = (size_t)(t.p - r->buf);
}

static void grow(struct trace_json *t, struct fdf_record *r, size_t cap)
{
	char *buf = must_alloc(cap);

	memcpy(buf, t->buf, r->len);
	free(t->buf);
	*t = (struct trace_json){ buf, cap };
	r->buf = buf;
	r->cap = cap;
}

size_t trace_json(struct trace_json *t, const struct trace_judged *j, const struct trace_opts *o)
{
	struct fdf_record r = { .argv_max = o->no_argv ? 0 : ARGV_MAX };

	if (!t->buf)
		grow(t, &r, FIRST_CAP);
	r.buf = t->buf;
	r.cap = t->cap;
	fdf_record_begin(&r, &j->exec);
	add_place(&r, j);
	for (size_t i = 0; i < j->x->nfds; i++) {
		if (!trace_wants(o, j, i))
			continue;
		while (fdf_record_fd(&r, &j->x->fds[i].d, &j->v[i]), r.more) {
			r.more = 0; /* it did not fit: it will */
			grow(t, &r, 2 * r.cap);
		}
	}
	r.more = (unsigned)j->lost;
	return fdf_record_end(&r, 0, j->inexact);
}
