/*
 * record_json.c: one line to a record.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "preload/core/text.h"
#include "tools/base/base.h"
#include "tools/records/record_json.h"
#include "tools/records/severity_json.h"

static const char mark[] = "{\"fdfence\":";
static const char counted[] = "{\"count\":";

/* Only what an encoder writes: nothing that moves a cursor, sets a colour or turns text around. */
static bool is_plain(const char *s)
{
	struct fdf_str rest = fdf_str(s);
	size_t n;

	for (; rest.len; rest.s += n, rest.len -= n) {
		n = *rest.s >= ' ' && *rest.s <= '~' ? 1 : fdf_printable(rest);
		if (!n)
			return false;
	}
	return true;
}

static bool all_plain(json_t *v, int depth)
{
	const char *key;
	json_t *item;
	size_t i;

	if (depth > 5) /* root, fds, fd, origin, its stack, text */
		return false;
	if (json_is_string(v))
		return is_plain(json_string_value(v));
	json_array_foreach(v, i, item) if (!all_plain(item, depth + 1)) return false;
	json_object_foreach(v, key,
			    item) if (!is_plain(key) || !all_plain(item, depth + 1)) return false;
	return true;
}

/* Member name of object as text; "" if it is not there; clears *ok if it is something else. */
static const char *text(json_t *object, const char *name, bool *ok)
{
	json_t *v = json_object_get(object, name);

	if (v && !json_is_string(v))
		*ok = false;
	return json_is_string(v) ? json_string_value(v) : "";
}

static long long number(json_t *object, const char *name, long long max, bool *ok)
{
	json_t *v = json_object_get(object, name);
	long long n = json_integer_value(v); /* 0 if it is none */

	if (v && (!json_is_integer(v) || n < 0 || n > max))
		*ok = false;
	return n;
}

static const char *access_of(json_t *flags, bool *ok)
{
	const char *access = "";
	json_t *item;
	size_t i;

	if (flags && !json_is_array(flags))
		*ok = false;
	json_array_foreach(flags, i, item)
	{
		const char *s = json_string_value(item);

		if (!s)
			*ok = false;
		else if (!strcmp(s, "rdonly"))
			access = "r";
		else if (!strcmp(s, "wronly"))
			access = "w";
		else if (!strcmp(s, "rdwr"))
			access = "rw";
		else if (!strcmp(s, "path"))
			return "path";
	}
	return access;
}

static const char *type_name(unsigned i)
{
	return fdf_type_name((enum fdf_type)i);
}

static const char *reason_name(unsigned i)
{
	return fdf_reason_name((enum fdf_reason)i);
}

/* Which of n names member name is, the first if it is not there; clears *ok if it is none. */
static unsigned word(json_t *object, const char *name, const char *(*names)(unsigned), unsigned n,
		     bool *ok)
{
	const char *s = text(object, name, ok);
	unsigned i;

	if (!*s)
		return 0;

	for (i = 0; i < n; i++)
		if (!strcmp(s, names(i)))
			return i;
	*ok = false;
	return 0;
}

bool rec_read_fd(struct rec_fd *f, json_t *o)
{
	json_t *sock = json_object_get(o, "socket"), *cloexec = json_object_get(o, "cloexec");
	bool ok = json_is_object(o) && json_is_integer(json_object_get(o, "fd"));

	if (!ok || (sock && !json_is_object(sock)) || (cloexec && !json_is_boolean(cloexec)))
		return false;
	f->json = o;
	f->fd = (int)number(o, "fd", INT_MAX, &ok);
	f->cloexec = json_is_true(cloexec);
	f->type = (enum fdf_type)word(o, "type", type_name, FDF_TYPES, &ok);
	f->target = text(o, "target", &ok);
	f->verdict = fdf_verdict_from(fdf_str(text(o, "verdict", &ok)));
	f->reason = (enum fdf_reason)word(o, "reason", reason_name, FDF_REASONS, &ok);
	f->by = text(o, "by", &ok);
	f->why = text(o, "why", &ok);
	f->asked = text(o, "asked", &ok);
	f->has_socket = sock != NULL;
	f->access = sock ? "" : access_of(json_object_get(o, "flags"), &ok);
	f->family = text(sock, "family", &ok);
	f->sock_type = text(sock, "type", &ok);
	f->protocol = text(sock, "protocol", &ok);
	f->local = text(sock, "local", &ok);
	f->peer = text(sock, "peer", &ok);
	ok &= rec_read_severity(f, o);
	return ok && f->verdict != FDF_NONE && json_object_get(o, "reason");
}

static bool read_fds(struct rec *r, json_t *fds)
{
	json_t *item;
	size_t i;

	if (fds && !json_is_array(fds))
		return false;
	r->nfds = json_array_size(fds);
	r->fds = must_alloc(r->nfds * sizeof(*r->fds));
	json_array_foreach(fds, i, item) if (!rec_read_fd(&r->fds[i], item)) return false;
	return true;
}

const char *rec_event_name(enum rec_event event)
{
	static const char *const names[REC_EVENTS] = { "exec", "start", "failed", "snapshot" };

	return names[event];
}

static bool read_event(struct rec *r)
{
	const char *s = json_string_value(json_object_get(r->root, "event"));

	for (int i = 0; s && i < REC_EVENTS; i++)
		if (!strcmp(s, rec_event_name((enum rec_event)i))) {
			r->event = (enum rec_event)i;
			return true;
		}
	return false;
}

static bool read_argv(struct rec *r)
{
	json_t *item;
	size_t i;

	r->argv = json_object_get(r->root, "argv");
	if (r->argv && !json_is_array(r->argv))
		return false;
	json_array_foreach(r->argv, i, item) if (!json_is_string(item)) return false;
	return true;
}

static bool read_members(struct rec *r)
{
	json_t *in_child = json_object_get(r->root, "in_child");
	json_t *killed = json_object_get(r->root, "killed");
	bool ok = true;

	r->source = text(r->root, "source", &ok);
	r->time = text(r->root, "time", &ok);
	r->host = text(r->root, "host", &ok);
	r->boot_id = text(r->root, "boot_id", &ok);
	r->comm = text(r->root, "comm", &ok);
	r->exe = text(r->root, "exe", &ok);
	r->into = text(r->root, "into", &ok);
	r->entry = text(r->root, "entry", &ok);
	r->inexact = text(r->root, "inexact", &ok);
	r->cgroup = text(r->root, "cgroup", &ok);
	r->pid = number(r->root, "pid", INT_MAX, &ok);
	r->ppid = number(r->root, "ppid", INT_MAX, &ok);
	r->uid = number(r->root, "uid", UINT_MAX, &ok);
	r->gid = number(r->root, "gid", UINT_MAX, &ok);
	r->error = (int)number(r->root, "error", 4095, &ok);
	r->more = (unsigned)number(r->root, "more", UINT_MAX, &ok);
	r->more_kept = (unsigned)number(r->root, "more_kept", UINT_MAX, &ok);
	r->dropped = (unsigned)number(r->root, "dropped", UINT_MAX, &ok);
	r->part = (unsigned)number(r->root, "part", UINT_MAX, &ok);
	r->parts = (unsigned)number(r->root, "parts", UINT_MAX, &ok);
	r->part_of = text(r->root, "part_of", &ok);
	r->in_child = json_is_true(in_child);
	r->killed = json_is_true(killed);
	return ok && r->pid > 0 && (!in_child || r->in_child) &&
	       (!killed || json_is_boolean(killed));
}

static const char *fill(struct rec *r)
{
	if (json_integer_value(json_object_get(r->root, "fdfence")) != 1)
		return "not a record of version 1";
	if (!all_plain(r->root, 0))
		return "control bytes in text";
	if (!read_event(r))
		return "no known event";
	if (!read_members(r) || !read_argv(r))
		return "a member is missing or has the wrong type";
	if (!read_fds(r, json_object_get(r->root, "fds")))
		return "a descriptor is not as it should be";
	return NULL;
}

int rec_read(struct rec *r, const char *line, size_t len, const char **why)
{
	const char *start = memmem(line, len, mark, sizeof(mark) - 1), *next = start;
	json_error_t e;

	*r = (struct rec){ 0 };
	while (next) {
		start = next;
		next = memmem(start + 1, len - (size_t)(start + 1 - line), mark, sizeof(mark) - 1);
	}
	*why = "not a record";
	if (len >= sizeof(counted) - 1 && !memcmp(line, counted, sizeof(counted) - 1))
		*why = "a line of fdfence trace --summary, which counts: leave --summary out";
	if (!start)
		return -1;
	r->root = json_loadb(start, len - (size_t)(start - line), JSON_REJECT_DUPLICATES, &e);
	*why = r->root ? fill(r) : "not JSON";
	if (!*why)
		return 0;
	rec_free(r);
	return -1;
}

void rec_free(struct rec *r)
{
	json_decref(r->root);
	free(r->fds);
	*r = (struct rec){ 0 };
}

static int hex(char c)
{
	const char *digits = "0123456789abcdef", *at = c ? strchr(digits, c) : NULL;

	return at ? (int)(at - digits) : -1;
}

size_t rec_unescape(char *s)
{
	char *in = s, *out = s;

	while (*in) {
		if (in[0] == '\\' && in[1] == 'x' && hex(in[2]) >= 0 && hex(in[3]) >= 0) {
			*out++ = (char)(hex(in[2]) << 4 | hex(in[3]));
			in += 4;
		} else {
			*out++ = *in++;
		}
	}
	*out = '\0';
	return (size_t)(out - s);
}
