/*
 * quick.c: see quick.h.
 *
 * In doubt it gives up: what is refused here is only read more slowly.
 */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/records/members.h"
#include "tools/records/quick.h"
#include "tools/records/severity_json.h"

#define N(array) (sizeof(array) / sizeof((array)[0]))

/* A record, and words of it that become something else. */
struct raw {
	struct rec rec;
	long long version;
	const char *event;
};

struct raw_fd {
	struct rec_fd fd;
	long long number;
	const char *type, *verdict, *reason, *severity, *danger, *mode, *rdev;
};

/* Tables: each in the order in which a record is written. */
static const struct member of_socket[] = {
	TEXT_AT(rec_fd, family, "family"),     TEXT_AT(rec_fd, sock_type, "type"),
	TEXT_AT(rec_fd, protocol, "protocol"), TEXT_AT(rec_fd, local, "local"),
	TEXT_AT(rec_fd, peer, "peer"),
};

static bool take_socket(struct members_input *in, void *fd)
{
	struct rec_fd *f = fd;

	f->has_socket = true;
	return members_take(in, of_socket, N(of_socket), f);
}

/* The access, as far as one flag tells. */
static bool take_flag(struct members_input *in, void *fd)
{
	static const char *const words[][2] = {
		{ "rdonly", "r" }, { "wronly", "w" }, { "rdwr", "rw" }, { "path", "path" }
	};
	const char *text = members_take_text(in);
	struct rec_fd *f = fd;

	for (size_t i = 0; text && *f->access != 'p' && i < N(words); i++)
		if (!strcmp(text, words[i][0]))
			f->access = words[i][1];
	return text != NULL;
}

static bool take_flags(struct members_input *in, void *fd)
{
	return members_take_array(in, take_flag, fd);
}

static bool take_any_text(struct members_input *in, void *nothing)
{
	(void)nothing;
	return members_take_text(in) != NULL;
}

static bool take_texts(struct members_input *in, void *nothing)
{
	return members_take_array(in, take_any_text, nothing);
}

static const struct member of_fd[] = {
	NUMBER_AT(raw_fd, number, "fd", INT_MAX),
	TEXT_AT(raw_fd, type, "type"),
	TEXT_AT(raw_fd, fd.target, "target"),
	OTHER("flags", take_flags),
	TRUTH_AT(raw_fd, fd.cloexec, "cloexec"),
	TEXT_AT(raw_fd, mode, "mode"),
	SKIPPED(MEMBER_TEXT, "dev"),
	SKIPPED(MEMBER_NUMBER, "ino"),
	TEXT_AT(raw_fd, rdev, "rdev"),
	OTHER("socket", take_socket),
	TEXT_AT(raw_fd, verdict, "verdict"),
	TEXT_AT(raw_fd, reason, "reason"),
	TEXT_AT(raw_fd, fd.by, "by"),
	TEXT_AT(raw_fd, fd.why, "why"),
	TEXT_AT(raw_fd, fd.asked, "asked"),
	TEXT_AT(raw_fd, severity, "severity"),
	TEXT_AT(raw_fd, danger, "danger"),
	TRUTH_AT(raw_fd, fd.severity.at_least, "at_least"),
	SKIPPED(MEMBER_TEXT, "state"),
	SKIPPED(MEMBER_TEXT, "tty"),
	OTHER("seals", take_texts),
	SKIPPED(MEMBER_NUMBER, "same_as"),
	SKIPPED(MEMBER_TRUTH, "fenced"),
};

/* Which of n words s is; -1: none. */
static int word(const char *s, const char *(*name)(unsigned), unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (!strcmp(s, name(i)))
			return (int)i;
	return -1;
}

static const char *type_name(unsigned i)
{
	return fdf_type_name((enum fdf_type)i);
}

static const char *reason_name(unsigned i)
{
	return fdf_reason_name((enum fdf_reason)i);
}

static bool fill_severity(struct raw_fd *raw)
{
	struct rec_fd *f = &raw->fd;
	int level;

	if (!raw->severity) {
		f->severity = rec_severity(f, *raw->mode ? raw->mode : NULL,
					   *raw->rdev ? raw->rdev : NULL);
		return true;
	}
	level = fdf_level_from(fdf_str(raw->severity));
	f->severity.level = (uint8_t)level;
	f->severity.danger = (uint8_t)fdf_danger_from(fdf_str(raw->danger));
	return level >= 0;
}

static bool fill_fd(struct raw_fd *raw)
{
	int type = *raw->type ? word(raw->type, type_name, FDF_TYPES) : 0;
	int reason = *raw->reason ? word(raw->reason, reason_name, FDF_REASONS) : -1;
	struct rec_fd *f = &raw->fd;

	f->fd = (int)raw->number;
	f->type = (enum fdf_type)type;
	f->reason = (enum fdf_reason)reason;
	f->verdict = fdf_verdict_from(fdf_str(raw->verdict));
	if (f->has_socket)
		f->access = "";
	return raw->number >= 0 && type >= 0 && reason >= 0 && f->verdict != FDF_NONE &&
	       fill_severity(raw);
}

static struct rec_fd *room_for_fd(struct quick *q, size_t i)
{
	if (i == q->nfds) {
		q->nfds = q->nfds ? 2 * q->nfds : 64;
		q->fds = reallocarray(q->fds, q->nfds, sizeof(*q->fds));
		if (!q->fds)
			out_of_memory();
	}
	return &q->fds[i];
}

static bool take_fd(struct members_input *in, void *record)
{
	static const struct raw_fd empty = {
		.fd = { .target = "",
			.by = "",
			.why = "",
			.asked = "",
			.access = "",
			.family = "",
			.sock_type = "",
			.protocol = "",
			.local = "",
			.peer = "" },
		.number = -1,
		.type = "",
		.verdict = "",
		.reason = "",

		.danger = "",
		.mode = "",
		.rdev = "",
	};
	struct rec *r = record;
	struct raw_fd raw = empty;

	if (!members_take(in, of_fd, N(of_fd), &raw) || !fill_fd(&raw))
		return false;
	*room_for_fd(in->ctx, r->nfds++) = raw.fd;
	return true;
}

static bool take_fds(struct members_input *in, void *record)
{
	return members_take_array(in, take_fd, record);
}

/* They stand in the line as they do here, where texts have ended meanwhile. */
static bool take_arguments(struct members_input *in, void *record)
{
	struct rec *r = record;
	const char *from = in->at;
	bool ok = take_texts(in, NULL);

	r->argv_text = (struct fdf_str){ from, (size_t)(in->at - from) };
	return ok;
}

static bool take_yes(struct members_input *in, void *record)
{
	struct rec *r = record;

	r->in_child = !strncmp(in->at, "true", 4);
	in->at += r->in_child ? 4 : 0;
	return r->in_child;
}

static const struct member of_record[] = {
	NUMBER_AT(raw, version, "fdfence", 1),
	TEXT_AT(raw, event, "event"),
	TEXT_AT(raw, rec.source, "source"),
	TEXT_AT(raw, rec.time, "time"),
	SKIPPED(MEMBER_TEXT, "id"),
	TEXT_AT(raw, rec.host, "host"),
	TEXT_AT(raw, rec.boot_id, "boot_id"),
	NUMBER_AT(raw, rec.pid, "pid", INT_MAX),
	SKIPPED(MEMBER_NUMBER, "tid"),
	NUMBER_AT(raw, rec.ppid, "ppid", INT_MAX),
	NUMBER_AT(raw, rec.uid, "uid", UINT_MAX),
	NUMBER_AT(raw, rec.gid, "gid", UINT_MAX),
	TEXT_AT(raw, rec.comm, "comm"),
	TEXT_AT(raw, rec.exe, "exe"),
	TEXT_AT(raw, rec.into, "into"),
	TEXT_AT(raw, rec.entry, "entry"),
	OTHER("in_child", take_yes),
	OTHER("argv", take_arguments),
	SKIPPED(MEMBER_NUMBER, "argv_more"),
	NUMBER_AT(raw, rec.error, "error", 4095),
	TEXT_AT(raw, rec.cgroup, "cgroup"),
	SKIPPED(MEMBER_TEXT, "unit"),
	SKIPPED(MEMBER_TEXT, "container"),
	SKIPPED(MEMBER_TEXT, "pod"),
	SKIPPED(MEMBER_NUMBER, "mnt_ns"),
	SKIPPED(MEMBER_NUMBER, "pid_ns"),
	SKIPPED(MEMBER_TEXT, "into_cred"),
	TRUTH_AT(raw, rec.killed, "killed"),
	OTHER("fds", take_fds),
	NUMBER_AT(raw, rec.more, "more", UINT_MAX),
	NUMBER_AT(raw, rec.more_kept, "more_kept", UINT_MAX),
	NUMBER_AT(raw, rec.dropped, "dropped", UINT_MAX),
	TEXT_AT(raw, rec.inexact, "inexact"),
	NUMBER_AT(raw, rec.part, "part", UINT_MAX),
	TEXT_AT(raw, rec.part_of, "part_of"),
	NUMBER_AT(raw, rec.parts, "parts", UINT_MAX),
};

static bool is_event(const char *name, enum rec_event *event)
{
	for (int i = 0; i < REC_EVENTS; i++)
		if (!strcmp(name, rec_event_name((enum rec_event)i))) {
			*event = (enum rec_event)i;
			return true;
		}
	return false;
}

/* A copy, with room behind it that holds no name. */
static char *copy(struct quick *q, const char *line, size_t len)
{
	if (q->size < len + MEMBERS_BEHIND) {
		free(q->text);
		q->size = 2 * len + MEMBERS_BEHIND;
		q->text = must_alloc(q->size);
	}
	memcpy(q->text, line, len);
	memset(q->text + len, 0, MEMBERS_BEHIND);
	return q->text;
}

static const char mark[] = "{\"fdfence\":"; /* always the first member */

bool rec_quick(struct quick *q, struct rec *r, const char *line, size_t len)
{
	static const struct raw empty = {
		.rec = { .source = "",
			 .time = "",
			 .host = "",
			 .boot_id = "",
			 .comm = "",
			 .exe = "",
			 .into = "",
			 .entry = "",
			 .inexact = "",
			 .part_of = "",
			 .cgroup = "" },
		.event = "",
	};
	struct members_input in = { .at = copy(q, line, len), .ctx = q };
	struct raw raw = empty;

	if (strncmp(in.at, mark, sizeof(mark) - 1) != 0 ||
	    !members_take(&in, of_record, N(of_record), &raw) || in.at != q->text + len ||
	    raw.version != 1 || !raw.rec.pid || !is_event(raw.event, &raw.rec.event))
		return false;
	*r = raw.rec;
	r->fds = q->fds;
	if (r->argv_text.len)
		r->argv_text.s = line + (r->argv_text.s - q->text);
	return true;
}

void quick_free(struct quick *q)
{
	free(q->text);
	free(q->fds);
	*q = (struct quick){ 0 };
}
