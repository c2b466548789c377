/*
 * json.c: see json.h.
 */
#include <stdlib.h>
#include <string.h>

#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/view/json.h"

#define FIRST_CAP (1u << 18) /* bytes; enough for ARGV_MAX and most tables */
#define ARGV_MAX  65536

static void grow(struct view_json *t, size_t cap)
{
	char *buf = must_alloc(cap);

	if (t->buf)
		memcpy(buf, t->buf, t->r.len);
	free(t->buf);
	t->buf = t->r.buf = buf;
	t->cap = t->r.cap = cap;
}

/* In front of the descriptors. */
static void add_place(struct view_json *t, const struct view_place *p, const char *members)
{
	static const char fds[] = ",\"fds\":[";
	struct fdf_record *r = &t->r;
	size_t n = sizeof(fds) - 1;
	struct fdf_text out;

	if (r->len < n || memcmp(r->buf + r->len - n, fds, n))
		return;
	out = (struct fdf_text){ .p = r->buf + r->len - n, .end = r->buf + r->cap / 2 };
	fdf_putmember(&out, "cgroup", fdf_str(p->cgroup), 8192);
	fdf_putmember(&out, "unit", fdf_str(p->unit), 1024);
	fdf_putmember(&out, "container", fdf_str(p->container), 512);
	fdf_putmember(&out, "pod", fdf_str(p->pod), 64);
	fdf_putnumber(&out, "mnt_ns", p->mnt_ns);
	fdf_putnumber(&out, "pid_ns", p->pid_ns);
	fdf_puts(&out, members);
	fdf_puts(&out, fds);
	if (!out.full)
		r->len = (size_t)(out.p - r->buf);
}

void view_json_begin(struct view_json *t, const struct fdf_exec *e, const struct view_place *p,
		     const char *members, bool argv)
{
	t->r = (struct fdf_record){ .argv_max = argv ? ARGV_MAX : 0, .buf = t->buf, .cap = t->cap };
	if (!t->buf)
		grow(t, FIRST_CAP);
	fdf_record_begin(&t->r, e);
	add_place(t, p, members);
}

/* Inside the object that was written last; false: there is no room. */
static bool add_members(struct fdf_record *r, const char *members)
{
	struct fdf_text out = { .p = r->buf + r->len - 1, .end = r->buf + r->cap / 2 };

	fdf_puts(&out, members);
	fdf_putc(&out, '}');
	if (!out.full)
		r->len = (size_t)(out.p - r->buf);
	return !out.full;
}

void view_json_fd(struct view_json *t, const struct fdf_fd *d, const struct fdf_decision *v,
		  const char *members)
{
	for (;;) {
		struct fdf_record before = t->r;

		fdf_record_fd(&t->r, d, v);
		if (!t->r.more && (!*members || add_members(&t->r, members)))
			return;
		t->r = before; /* it did not fit: it will */
		grow(t, 2 * t->cap);
	}
}

size_t view_json_end(struct view_json *t, unsigned missing, const char *inexact)
{
	t->r.more = missing;
	return fdf_record_end(&t->r, 0, inexact);
}
