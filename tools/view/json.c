/*
 * json.c: see json.h.
 */
#include <stdlib.h>
#include <string.h>

#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/view/json.h"

/* Bytes kept back for what fdf_record_fd() and fdf_record_end() do not know. */
#define MEMBERS_MAX 1024

/* In front of the descriptors: there is room, since argv takes half of what the images leave. */
static void add_place(struct fdf_record *r, const struct view_place *p, const char *members)
{
	static const char fds[] = ",\"fds\":[";
	struct fdf_text out = { .p = r->buf + r->len - (sizeof(fds) - 1), .end = r->buf + r->cap };

	fdf_putmember(&out, "cgroup", fdf_str(p->cgroup), 8192);
	fdf_putmember(&out, "unit", fdf_str(p->unit), 1024);
	fdf_putmember(&out, "container", fdf_str(p->container), 512);
	fdf_putmember(&out, "pod", fdf_str(p->pod), 64);
	fdf_putnumber(&out, "mnt_ns", p->mnt_ns);
	fdf_putnumber(&out, "pid_ns", p->pid_ns);
	fdf_puts(&out, members);
	fdf_puts(&out, fds);
	r->len = (size_t)(out.p - r->buf);
}

/* A record behind those that are whole.  All have the arguments once. */
static void begin_part(struct view_json *t)
{
	char *buf = t->buf;

	if (t->cap - t->len < FDF_RECORD_MAX) {
		t->cap = 2 * t->cap + FDF_RECORD_MAX;
		t->buf = must_alloc(t->cap);
		if (buf)
			memcpy(t->buf, buf, t->len);
		free(buf);
	}
	t->r = (struct fdf_record){ .buf = t->buf + t->len,
				    .cap = FDF_RECORD_MAX - MEMBERS_MAX,
				    .argv_max = t->argv && !t->exec.part ? FDF_RECORD_MAX : 0 };
	fdf_record_begin(&t->r, &t->exec);
	add_place(&t->r, t->place, t->members);
}

/* The end of a record; all: of the last one. */
static void end_part(struct view_json *t, bool all, const char *inexact)
{
	struct fdf_exec first = t->exec;
	struct fdf_text out = { .end = t->r.buf + FDF_RECORD_MAX };

	t->r.cap = FDF_RECORD_MAX;
	out.p = t->r.buf + fdf_record_end(&t->r, 0, inexact);
	if (t->exec.part || !all) {
		first.part = 0;
		out.p -= 2; /* }\n */
		fdf_putnumber(&out, "part", t->exec.part + 1);
		fdf_puts(&out, ",\"part_of\":\"");
		fdf_record_id(&out, &first);
		fdf_putc(&out, '"');
		fdf_putnumber(&out, "parts", all ? t->exec.part + 1 : 0);
		fdf_puts(&out, "}\n");
	}
	t->len = (size_t)(out.p - t->buf);
	t->exec.part++;
}

void view_json_begin(struct view_json *t, const struct fdf_exec *e, const struct view_place *p,
		     const char *members, bool argv)
{
	t->exec = *e;
	t->place = p;
	t->members = members;
	t->argv = argv;
	t->len = 0;
	t->unfit = 0;
	begin_part(t);
}

/* False: there is no room in this record. */
static bool add_fd(struct view_json *t, const struct fdf_fd *d, const struct fdf_decision *v,
		   const char *members)
{
	struct fdf_record *r = &t->r, before = *r;
	struct fdf_text out;

	fdf_record_fd(r, d, v);
	if (r->fds == before.fds) {
		*r = before;
		return false;
	}
	out = (struct fdf_text){ .p = r->buf + r->len - 1, .end = r->buf + FDF_RECORD_MAX };
	fdf_puts(&out, members);
	fdf_putc(&out, '}');
	r->len = (size_t)(out.p - r->buf);
	return true;
}

void view_json_fd(struct view_json *t, const struct fdf_fd *d, const struct fdf_decision *v,
		  const char *members)
{
	if (add_fd(t, d, v, members))
		return;
	if (t->r.fds || !t->exec.part) {
		end_part(t, false, NULL);
		begin_part(t);
	}
	t->unfit += !add_fd(t, d, v, members);
}

size_t view_json_end(struct view_json *t, unsigned missing, const char *inexact)
{
	t->r.more = missing + t->unfit;
	end_part(t, true, !inexact && t->unfit ? "a descriptor is longer than a record" : inexact);
	return t->len;
}
