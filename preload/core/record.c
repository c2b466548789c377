/*
 * record.c: one exec and the verdicts on its descriptors, as one JSON line.
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out; runs in hooks,
 * vfork children and signal handlers.  docs/record-format.md describes what is
 * written here; tests/golden/ holds it to the byte.
 */
#include "preload/core/hash.h"
#include "preload/core/linux.h"
#include "preload/core/names.h"
#include "preload/core/record.h"
#include "preload/core/severity.h"
#include "preload/core/socket.h"

/* Kept back for the end: its three numbers, its keys and INEXACT_MAX. */
#define END_ROOM    256
#define INEXACT_MAX 160

/*
 * Bounds of what begin writes, so that it fits into FDF_RECORD_MIN whatever the
 * names are: keys, numbers and the three plain words come to less than 500
 * bytes, host, boot id and comm to NAME_OUT each, the images to a quarter of
 * the buffer each, the arguments to half of what is left then.
 */
#define NAME_OUT 256
#define WORD_OUT 64

#define LAST_SECOND 253402300799 /* of the year 9999 */

/* RFC 3339 with nanoseconds; what no such time stamp can hold is shown as the nearest that can. */
void fdf_record_time(struct fdf_text *t, int64_t seconds, uint32_t ns)
{
	static const uint8_t lengths[12] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	uint64_t s = seconds < 0 ? 0 : seconds > LAST_SECOND ? LAST_SECOND : (uint64_t)seconds;
	unsigned days = (unsigned)(s / 86400), rest = (unsigned)(s % 86400);
	unsigned year = 1970, month = 0, n;
	bool leap;

	for (;; year++, days -= n) {
		leap = year % 4 == 0 && (year % 100 || year % 400 == 0);
		n = leap ? 366 : 365;
		if (days < n)
			break;
	}
	for (; n = lengths[month] + (leap && month == 1), days >= n; month++)
		days -= n;
	fdf_putf(t, ",\"time\":\"%4-%2-%2T%2:%2:%2.%9Z\"", year, month + 1, days + 1, rest / 3600,
		 rest / 60 % 60, rest % 60, ns);
}

static void put_big_endian(unsigned char *to, uint64_t n, size_t size)
{
	while (size--) {
		to[size] = (unsigned char)n;
		n >>= 8;
	}
}

/*
 * What tells this record from all others, wherever it is copied to: when, who, and a hash of where
 * and what.  Time comes first, so that an index of many ids grows at its end.  Those of one exec
 * differ in the hash.
 */
void fdf_record_id(struct fdf_text *t, const struct fdf_exec *x)
{
	const struct fdf_str parts[] = { x->boot_id,	    x->host, fdf_str(x->source),
					 fdf_str(x->event), x->exe,  x->into };
	uint32_t hash = (FDF_HASH32_START ^ (uint32_t)x->pid) * FDF_HASH32_PRIME;
	unsigned char id[16];

	for (size_t i = 0; i < FDF_COUNT(parts); i++) {
		hash = fdf_hash32(hash, parts[i].s, parts[i].len);
		hash = fdf_hash32(hash, "", 1); /* an end each: "ab", "c" is not "a", "bc" */
	}
	put_big_endian(id, (uint64_t)x->time_s * 1000000000U + x->time_ns, 8);
	put_big_endian(id + 8, (uint32_t)x->tid, 4);
	put_big_endian(id + 12, hash ^ x->part, 4);
	fdf_puthex(t, id, sizeof(id));
}

/* At most max bytes of arguments; those that do not fit are counted, the last may be cut. */
static void put_argv(struct fdf_text *t, char *const *argv, size_t max)
{
	const char *end = t->p + max;
	unsigned more = 0;

	fdf_puts(t, ",\"argv\":[");
	for (char *const *a = argv; *a; a++) {
		/* Quotes, comma and the mark of a cut. */
		if (more || end - t->p < 16) {
			more++;
			continue;
		}
		if (a != argv)
			fdf_putc(t, ',');
		fdf_putc(t, '"');
		fdf_putesc(t, fdf_str(*a), (size_t)(end - t->p) - 1);
		fdf_putc(t, '"');
	}
	fdf_putc(t, ']');
	fdf_putnumber(t, "argv_more", more);
}

/* Who execs what, in the order of docs/record-format.md. */
static void put_exec(struct fdf_text *t, const struct fdf_exec *x, size_t image_max)
{
	fdf_putmember(t, "event", fdf_str(x->event), WORD_OUT);
	fdf_putmember(t, "source", fdf_str(x->source), WORD_OUT);
	fdf_record_time(t, x->time_s, x->time_ns);
	fdf_puts(t, ",\"id\":\"");
	fdf_record_id(t, x);
	fdf_putc(t, '"');
	fdf_putmember(t, "host", x->host, NAME_OUT);
	fdf_putmember(t, "boot_id", x->boot_id, NAME_OUT);
	fdf_putf(t, ",\"pid\":%u,\"tid\":%u,\"ppid\":%u,\"uid\":%u,\"gid\":%u", x->pid, x->tid,
		 x->ppid, x->uid, x->gid);
	fdf_putmember(t, "comm", x->comm, NAME_OUT);
	fdf_putmember(t, "exe", x->exe, image_max);
	fdf_putmember(t, "into", x->into, image_max);
	fdf_putmember(t, "entry", fdf_str(x->entry), WORD_OUT);
	if (x->in_child)
		fdf_puts(t, ",\"in_child\":true");
}

void fdf_record_begin(struct fdf_record *r, const struct fdf_exec *x)
{
	struct fdf_text t = { .p = r->buf, .end = r->buf + r->cap - END_ROOM };

	r->fds = 0;
	r->more = r->more_kept = 0;
	fdf_puts(&t, "{\"fdfence\":1");
	put_exec(&t, x, r->cap / 4);
	if (x->argv && r->argv_max) {
		size_t room = (size_t)(t.end - t.p) / 2;

		put_argv(&t, x->argv, r->argv_max < room ? r->argv_max : room);
	}
	fdf_putnumber(&t, "error", (unsigned)x->error);
	fdf_puts(&t, ",\"fds\":[");
	r->len = (size_t)(t.p - r->buf);
}

/* The flags of F_GETFL that say something about an open file, each a bit pattern of its own. */
static const struct {
	uint32_t bits;
	char name[12];
} status_flags[] = {
	{ FDF_O_APPEND, "append" },	  { FDF_O_NONBLOCK, "nonblock" },
	{ FDF_O_SYNC, "sync" },		  { FDF_O_DSYNC, "dsync" },
	{ FDF_O_ASYNC, "async" },	  { FDF_O_DIRECT, "direct" },
	{ FDF_O_DIRECTORY, "directory" }, { FDF_O_NOFOLLOW, "nofollow" },
	{ FDF_O_NOATIME, "noatime" },
};

/* The access modes; 3 is for ioctl alone, and O_PATH stands before all of them. */
static const char access_modes[][7] = { "rdonly", "wronly", "rdwr", "ioctl" };

static void put_flags(struct fdf_text *t, uint32_t s)
{
	fdf_putf(t, ",\"flags\":[\"%s\"",
		 s & FDF_O_PATH ? "path" : FDF_NAME(access_modes, s & FDF_O_ACCMODE));
	for (unsigned i = 0; i < FDF_COUNT(status_flags); i++) {
		uint32_t bits = status_flags[i].bits;

		/* O_SYNC holds the bit of O_DSYNC and is the one that is meant then. */
		if ((s & bits) != bits || (bits == FDF_O_DSYNC && (s & FDF_O_SYNC) == FDF_O_SYNC))
			continue;
		fdf_putf(t, ",\"%s\"", status_flags[i].name);
	}
	fdf_putc(t, ']');
}

/* Of what is kept nobody asks how bad it is. */
static void put_severity(struct fdf_text *t, const struct fdf_fd *d)
{
	struct fdf_severity s = fdf_severity_of(d);

	fdf_putf(t, ",\"severity\":\"%s\",\"danger\":\"%s\"",
		 fdf_level_name((enum fdf_level)s.level),
		 fdf_danger_name((enum fdf_danger)s.danger));
	if (s.at_least)
		fdf_puts(t, ",\"at_least\":true");
}

void fdf_record_fd(struct fdf_record *r, const struct fdf_fd *d, const struct fdf_decision *v)
{
	bool kept = v->verdict == FDF_KEEP;
	size_t room = kept ? r->cap / 2 : r->cap - END_ROOM;
	struct fdf_text t = { .p = r->buf + r->len,
			      .end = r->buf + (room > r->len ? room : r->len) };
	unsigned type = d->have & FDF_HAVE_TYPE ? d->type : FDF_UNKNOWN;

	fdf_putf(&t, "%s{\"fd\":%u,\"type\":\"%s\"", r->fds ? "," : "", d->fd,
		 fdf_type_name((enum fdf_type)type));
	if (d->have & FDF_HAVE_TARGET)
		fdf_putmember(&t, "target", d->target, r->cap / 4);
	if (d->have & FDF_HAVE_STATUS)
		put_flags(&t, d->status);
	fdf_putf(&t, ",\"cloexec\":%s", d->cloexec ? "true" : "false");
	if (d->have & FDF_HAVE_TYPE)
		fdf_putf(&t, ",\"mode\":\"%o\",\"dev\":\"%u:%u\",\"ino\":%l", d->mode, d->dev_major,
			 d->dev_minor, d->ino);
	if (d->rdev_major || d->rdev_minor)
		fdf_putf(&t, ",\"rdev\":\"%u:%u\"", d->rdev_major, d->rdev_minor);
	if (d->have & FDF_HAVE_SOCK && d->sock) {
		fdf_puts(&t, ",\"socket\":");
		fdf_putsocket(&t, d->sock);
	}
	fdf_putf(&t, ",\"verdict\":\"%s\",\"reason\":\"%s\"",
		 fdf_verdict_name((enum fdf_verdict)v->verdict),
		 fdf_reason_name((enum fdf_reason)v->reason));
	fdf_putmember(&t, "by", v->by, r->cap / 8);
	fdf_putmember(&t, "why", v->why, r->cap / 8);
	fdf_putmember(&t, "asked", v->asked, r->cap / 8);
	if (!kept)
		put_severity(&t, d);
	if (d->origin.len) {
		fdf_puts(&t, ",\"origin\":");
		fdf_put(&t, d->origin.s, d->origin.len);
	}
	fdf_putc(&t, '}');
	if (t.full) {
		*(kept ? &r->more_kept : &r->more) += 1;
		return;
	}
	r->fds++;
	r->len = (size_t)(t.p - r->buf);
}

size_t fdf_record_end(struct fdf_record *r, unsigned dropped, const char *inexact)
{
	struct fdf_text t = { .p = r->buf + r->len, .end = r->buf + r->cap };

	fdf_putc(&t, ']');
	fdf_putnumber(&t, "more", r->more);
	fdf_putnumber(&t, "more_kept", r->more_kept);
	fdf_putnumber(&t, "dropped", dropped);
	fdf_putmember(&t, "inexact", fdf_str(inexact), INEXACT_MAX);
	fdf_put(&t, "}\n", 2);
	r->len = (size_t)(t.p - r->buf);
	return r->len;
}
