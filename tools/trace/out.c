/*
 * out.c: where the tracer writes: stdout, or a file that is rotated and reopened.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/base/inputs.h"
#include "tools/base/target.h"
#include "tools/trace/guard.h"
#include "tools/trace/out.h"

#define SLICE_MS 100  /* between two looks at the signals */
#define TELL_MS	 2000 /* a reader that takes nothing for so long is told */
#define GRACE_MS 1000 /* ... and is given up once a signal has come */

struct trace_out {
	const char *path;
	int fd;
	unsigned long long rotate;
	unsigned keep;
	size_t piece; /* bytes of one write */
	bool gone, told;
	bool (*stopped)(void *ctx);
	void *ctx;
};

static const char *name_of(const struct trace_out *o)
{
	return o->path ? o->path : "stdout";
}

static int open_file(const char *path)
{
	const char *wrong;
	int fd = target_open_path(path, TARGET_FOLLOWED, O_WRONLY | O_CREAT | O_APPEND, 0640,
				  &wrong);

	if (wrong)
		say("%s: %s", path, wrong);
	return fd;
}

/* poll(2) promises a pipe room for PIPE_BUF bytes; a file takes a record in one piece. */
static void take_file(struct trace_out *o, int fd)
{
	struct stat st;

	o->fd = fd;
	o->piece = !fstat(fd, &st) && S_ISREG(st.st_mode) ? SSIZE_MAX : PIPE_BUF;
}

struct trace_out *trace_out_open(const char *path, unsigned long long rotate, unsigned keep)
{
	int fd = !path ? STDOUT_FILENO : inputs_refuse("--output", path) ? -1 : open_file(path);
	struct trace_out *o;

	if (fd < 0)
		return NULL;
	o = must_alloc(sizeof(*o));
	*o = (struct trace_out){ .path = path, .rotate = rotate, .keep = keep };
	take_file(o, fd);
	return o;
}

void trace_out_patience(struct trace_out *o, bool (*stopped)(void *ctx), void *ctx)
{
	o->stopped = stopped;
	o->ctx = ctx;
}

int trace_out_fd(const struct trace_out *o)
{
	return o->fd;
}

void trace_out_reopen(struct trace_out *o)
{
	int fd = o->path ? open_file(o->path) : -1;

	if (fd < 0)
		return;
	close(o->fd);
	take_file(o, fd);
}

static void rotate(struct trace_out *o)
{
	struct target t;
	const char *wrong = target_find(&t, o->path, TARGET_FOLLOWED);
	char *from, *to;
	unsigned i;

	for (i = wrong ? 0 : o->keep; i > 0; i--) {
		to = must_printf("%s.%u", t.name, i);
		from = i > 1 ? must_printf("%s.%u", t.name, i - 1) : must_dup(t.name);
		if (renameat(t.folder, from, t.folder, to) && errno != ENOENT)
			say("%s.%u: %s", o->path, i, strerror(errno));
		free(from);
		free(to);
	}
	if (!wrong)
		target_drop(&t);
	trace_out_reopen(o); /* which says what is wrong */
}

/* Wait until something can be written.  False: a signal came, and nobody reads. */
static bool wait_for_reader(struct trace_out *o)
{
	struct pollfd p = { .fd = o->fd, .events = POLLOUT };
	unsigned waited = 0;

	int r;

	/* Where it is denied, the write waits. */
	for (; !(r = poll(&p, 1, SLICE_MS)) || (r < 0 && errno == EINTR); waited += SLICE_MS) {
		if (o->stopped && o->stopped(o->ctx) && waited >= GRACE_MS) {
			say("trace: %s takes nothing: what was still to be told is lost",
			    name_of(o));
			return false;
		}
		if (waited == TELL_MS && !o->told) {
			say("trace: %s takes nothing: execs wait in memory, and when that is full "
			    "they are dropped, and counted",
			    name_of(o));
			o->told = true;
		}
	}
	return true;
}

/* Bytes taken, 0: try again, -1: the output is gone. */
static ssize_t write_piece(struct trace_out *o, const char *text, size_t n)
{
	ssize_t done;

	if (!wait_for_reader(o))
		return -1;
	done = write(o->fd, text, n < o->piece ? n : o->piece);
	if (done >= 0 || errno == EINTR || errno == EAGAIN)
		return done > 0 ? done : 0;
	if (errno != EPIPE)
		say("%s: %s", name_of(o), strerror(errno));
	return -1;
}

int trace_out_write(struct trace_out *o, const char *text, size_t n)
{
	struct stat st;

	while (n && !o->gone) {
		ssize_t done = write_piece(o, text, n);

		o->gone = done < 0;
		if (done <= 0)
			continue;
		text += done;
		n -= (size_t)done;
		guard_step();
	}
	if (o->gone)
		return -1;
	if (o->rotate && !fstat(o->fd, &st) && (unsigned long long)st.st_size >= o->rotate)
		rotate(o);
	return 0;
}

void trace_out_close(struct trace_out *o)
{
	if (o->path)
		close(o->fd);
	free(o);
}
