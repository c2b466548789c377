/*
 * record.c: one exec and the verdicts on its descriptors, as one JSON line.
 *
 * Part of the pure core: no allocation, no statics, no call out; runs in hooks,
 * vfork children and signal handlers.  docs/record-format.md describes what is
 * written here; tests/golden/ holds it to the byte.
 */
#include <fcntl.h>
#include "record.h"
#include "socket.h"

/* Kept back for the end: its three numbers, its keys and INEXACT_MAX. */
#define END_ROOM    256
#define INEXACT_MAX 160

/*
 * Bounds of what begin writes, so that it fits into FDF_RECORD_MIN whatever the
 * names are: the short texts and the fixed parts come to less than 1,400 bytes,
 * each of the two images to a quarter of the buffer.
 */
#define WORD_MAX 32
#define HOST_MAX 256
#define COMM_MAX 96

static const struct {
	uint32_t bits;
	char name[11];
} status_names[] = {
	{ O_APPEND, "append" },	      { O_NONBLOCK, "nonblock" }, { O_SYNC, "sync" },
	{ O_DSYNC, "dsync" },	      { O_ASYNC, "async" },	  { O_DIRECT, "direct" },
	{ O_DIRECTORY, "directory" }, { O_NOFOLLOW, "nofollow" }, { O_NOATIME, "noatime" },
};

static void put_two(struct fdf_text *t, unsigned n)
{
	fdf_putc(t, (char)('0' + n / 10));
	fdf_putc(t, (char)('0' + n % 10));
}

/*
 * RFC 3339 with nanoseconds.  The day is counted from 1 March of year 0, so that
 * the leap day is the last of its year (Howard Hinnant, "days_from_civil").
 */
static void put_time(struct fdf_text *t, int64_t seconds, uint32_t ns)
{
	uint64_t s = seconds < 0 ? 0 : seconds > 253402300799 ? 253402300799 : (uint64_t)seconds;
	unsigned of_day = (unsigned)(s % 86400), days = (unsigned)(s / 86400) + 719468;
	unsigned era = days / 146097, doe = days % 146097;
	unsigned yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	unsigned doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	unsigned mp = (5 * doy + 2) / 153, month = mp < 10 ? mp + 3 : mp - 9;
	unsigned year = era * 400 + yoe + (month <= 2);

	put_two(t, year / 100);
	put_two(t, year % 100);
	fdf_putc(t, '-');
	put_two(t, month);
	fdf_putc(t, '-');
	put_two(t, doy - (153 * mp + 2) / 5 + 1);
	fdf_putc(t, 'T');
	put_two(t, of_day / 3600);
	fdf_putc(t, ':');
	put_two(t, of_day / 60 % 60);
	fdf_putc(t, ':');
	put_two(t, of_day % 60);
	fdf_putc(t, '.');
	for (uint32_t unit = 100000000; unit; unit /= 10)
		fdf_putc(t, (char)('0' + ns / unit % 10));
	fdf_putc(t, 'Z');
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
	if (more)
		fdf_putnumber(t, "argv_more", more);
}

void fdf_record_begin(struct fdf_record *r, const struct fdf_exec *x)
{
	struct fdf_text t = { r->buf, r->buf + r->cap - END_ROOM, false };
	size_t room;

	r->fds = 0;
	r->more = 0;
	fdf_puts(&t, "{\"fdfence\":1");
	fdf_putmember(&t, "event", fdf_str(x->event), WORD_MAX);
	fdf_putmember(&t, "source", fdf_str(x->source), WORD_MAX);
	fdf_puts(&t, ",\"time\":\"");
	put_time(&t, x->time_s, x->time_ns);
	fdf_putc(&t, '"');
	fdf_putmember(&t, "host", x->host, HOST_MAX);
	fdf_putmember(&t, "boot_id", x->boot_id, COMM_MAX);
	fdf_putnumber(&t, "pid", (uint32_t)x->pid);
	fdf_putnumber(&t, "tid", (uint32_t)x->tid);
	fdf_putnumber(&t, "ppid", (uint32_t)x->ppid);
	fdf_putnumber(&t, "uid", x->uid);
	fdf_putnumber(&t, "gid", x->gid);
	fdf_putmember(&t, "comm", x->comm, COMM_MAX);
	fdf_putmember(&t, "exe", x->exe, r->cap / 4);
	fdf_putmember(&t, "into", x->into, r->cap / 4);
	fdf_putmember(&t, "entry", fdf_str(x->entry), WORD_MAX);
	if (x->argv && r->argv_max) {
		room = (size_t)(t.end - t.p) / 2;
		put_argv(&t, x->argv, r->argv_max < room ? r->argv_max : room);
	}
	if (x->error)
		fdf_putnumber(&t, "error", (unsigned)x->error);
	fdf_puts(&t, ",\"fds\":[");
	r->len = (size_t)(t.p - r->buf);
}

static void put_flags(struct fdf_text *t, uint32_t s)
{
	static const char modes[4][7] = { "rdonly", "wronly", "rdwr", "ioctl" };

	fdf_puts(t, ",\"flags\":[\"");
	fdf_puts(t, s & O_PATH ? "path" : modes[s & 3]);
	fdf_putc(t, '"');
	for (unsigned i = 0; i < sizeof(status_names) / sizeof(status_names[0]); i++) {
		uint32_t bits = status_names[i].bits;

		/* O_SYNC holds the bit of O_DSYNC and is the one that is meant then. */
		if ((s & bits) != bits || (bits == O_DSYNC && (s & O_SYNC) == O_SYNC))
			continue;
		fdf_puts(t, ",\"");
		fdf_puts(t, status_names[i].name);
		fdf_putc(t, '"');
	}
	fdf_putc(t, ']');
}

static void put_inode(struct fdf_text *t, const struct fdf_fd *d)
{
	fdf_puts(t, ",\"mode\":\"");
	fdf_putn(t, d->mode, 8);
	fdf_puts(t, "\",\"dev\":\"");
	fdf_putn(t, d->dev_major, 10);
	fdf_putc(t, ':');
	fdf_putn(t, d->dev_minor, 10);
	fdf_putc(t, '"');
	fdf_putnumber(t, "ino", d->ino);
}

void fdf_record_fd(struct fdf_record *r, const struct fdf_fd *d, const struct fdf_decision *v)
{
	struct fdf_text t = { r->buf + r->len, r->buf + r->cap - END_ROOM, false };
	unsigned type = d->have & FDF_HAVE_TYPE ? d->type : FDF_UNKNOWN;

	fdf_puts(&t, r->fds ? ",{\"fd\":" : "{\"fd\":");
	fdf_putn(&t, (unsigned)d->fd, 10);
	fdf_putmember(&t, "type", fdf_str(fdf_type_name((enum fdf_type)type)), WORD_MAX);
	if (d->have & FDF_HAVE_TARGET)
		fdf_putmember(&t, "target", d->target, r->cap / 4);
	if (d->have & FDF_HAVE_STATUS)
		put_flags(&t, d->status);
	fdf_puts(&t, d->cloexec ? ",\"cloexec\":true" : ",\"cloexec\":false");
	if (d->have & FDF_HAVE_TYPE)
		put_inode(&t, d);
	if (d->have & FDF_HAVE_SOCK && d->sock) {
		fdf_puts(&t, ",\"socket\":");
		fdf_putsocket(&t, d->sock);
	}
	fdf_putmember(&t, "verdict", fdf_str(fdf_verdict_name((enum fdf_verdict)v->verdict)),
		      WORD_MAX);
	fdf_putmember(&t, "reason", fdf_str(fdf_reason_name((enum fdf_reason)v->reason)), WORD_MAX);
	fdf_putmember(&t, "by", v->by, r->cap / 8);
	fdf_putmember(&t, "why", v->why, r->cap / 8);
	fdf_putmember(&t, "asked", v->asked, r->cap / 8);
	fdf_putc(&t, '}');
	if (t.full) {
		r->more++;
		return;
	}
	r->fds++;
	r->len = (size_t)(t.p - r->buf);
}

size_t fdf_record_end(struct fdf_record *r, unsigned dropped, const char *inexact)
{
	struct fdf_text t = { r->buf + r->len, r->buf + r->cap, false };

	fdf_putc(&t, ']');
	if (r->more)
		fdf_putnumber(&t, "more", r->more);
	if (dropped)
		fdf_putnumber(&t, "dropped", dropped);
	fdf_putmember(&t, "inexact", fdf_str(inexact), INEXACT_MAX);
	fdf_put(&t, "}\n", 2);
	r->len = (size_t)(t.p - r->buf);
	return r->len;
}
