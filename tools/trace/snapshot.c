/*
 * snapshot.c: --snapshot: which live processes hold descriptors now that would
 * cross their next exec.
 *
 * Which image comes next, and what it asks for, is not known yet: FROM is the
 * image that runs, INTO is empty, and no sign of intent counts.  --keep and
 * rules hold as far as they do without an image to come.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/decode.h"
#include "tools/kernel/seed.h"
#include "tools/kernel/request.h"
#include "tools/proc/cgroup.h"
#include "tools/trace/judge.h"
#include "tools/trace/snapshot.h"

/* -1: the output is gone. */
static int tell(struct trace_exec *x, const struct trace_opts *o, struct trace_view *v)
{
	struct trace_judged j;
	char file[40], cgroup[CGROUP_MAX];
	int r;

	snprintf(file, sizeof(file), "/proc/%u/cgroup", x->begin.tgid);
	cgroup_of(AT_FDCWD, file, cgroup);
	trace_judge(&j, x, o, true, cgroup);
	j.exec.event = "snapshot";
	j.exec.exe = j.exec.into;
	j.exec.into = fdf_str("");
	free(j.exe);
	j.exe = j.into;
	j.into = must_dup("");
	j.inexact = NULL;
	r = trace_view_exec(v, &j);
	trace_judged_free(&j);
	return r;
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

/* What it cannot obey it refuses. */
static int refused(const struct trace_opts *o)
{
	const char *why = o->filter.into ? "--into: what comes next is not known"
			  : o->show & (SHOW_WOULD | SHOW_CLEAN)
				  ? "--show would, clean: there is no exec"
			  : o->duration ? "--duration: it is one look"
					: NULL;

	if (why)
		say("trace: --snapshot does not go with %s", why);
	else if (o->pid && kill(o->pid, 0) && errno == ESRCH)
		say("trace: --pid %d: there is no such process", (int)o->pid);
	else
		return 0;
	return -1;
}

/* All that was read, record for record; returns the bytes used up, or -1: the output is gone. */
static ssize_t take(struct decode *d, const char *buf, size_t len, const struct trace_opts *o,
		    struct trace_view *v)
{
	size_t at, n;

	for (at = 0; (n = whole(buf + at, len - at)) >= sizeof(struct fdt_head); at += n) {
		struct trace_exec *x = decode_feed(d, buf + at, n);

		if (x && o->pid && !seed_is_below((pid_t)x->begin.tgid, o->pid))
			trace_exec_free(x);
		else if (x && tell(x, o, v))
			return -1;
	}
	return (ssize_t)at;
}

int trace_snapshot(struct trace_bpf *b, const struct trace_opts *o, struct trace_view *v)
{
	static char buf[1 << 18];
	struct trace_opts unjudged = *o;
	struct decode *d;
	size_t len = 0;
	ssize_t r = -1, used = 0;
	int fd;

	if (refused(o))
		return EXIT_OWN;
	unjudged.policy.intent = 0;
	fd = trace_bpf_snapshot(b);
	if (fd < 0)
		return EXIT_OWN;
	d = decode_new();
	while (d && used >= 0 && (r = read(fd, buf + len, sizeof(buf) - len)) > 0) {
		len += (size_t)r;
		used = take(d, buf, len, &unjudged, v);
		if (used > 0)
			memmove(buf, buf + used, len -= (size_t)used);
	}
	if (r < 0)
		say("trace: --snapshot: %s", strerror(errno));
	close(fd);
	if (d)
		decode_free(d);
	return r || used < 0 ? EXIT_OWN : 0;
}
