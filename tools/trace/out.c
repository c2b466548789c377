/*
 * out.c: where the output goes: stdout, or a file that is rotated and
 * reopened; and JSON lines.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "preload/core/record.h"
#include "preload/core/text.h"
#include "tools/kernel/decode.h"
#include "tools/kernel/request.h"
#include "tools/trace/judge.h"
#include "tools/trace/out.h"

static const char *path;
static FILE *file;
static unsigned long long limit;
static unsigned keep;

static FILE *open_file(void)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY, 0640);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "a");

	if (!f) {
		say("%s: %s", path, strerror(errno));
		if (fd >= 0)
			close(fd);
	}
	return f;
}

int trace_out_open(const struct trace_opts *o)
{
	path = o->output;
	limit = o->rotate;
	keep = o->keep_files;
	file = path ? open_file() : stdout;
	return file ? 0 : -1;
}

FILE *trace_out_file(void)
{
	return file;
}

/* The old file stays in use when the new one cannot be opened: nothing is lost. */
void trace_out_reopen(void)
{
	FILE *f = path ? open_file() : NULL;

	if (!f)
		return;
	fclose(file);
	file = f;
}

static void rotate(void)
{
	char *from, *to;
	unsigned i;

	for (i = keep; i > 0; i--) {
		to = must_printf("%s.%u", path, i);
		from = i > 1 ? must_printf("%s.%u", path, i - 1) : must_dup(path);
		if (rename(from, to) && errno != ENOENT)
			say("%s: %s", to, strerror(errno));
		free(from);
		free(to);
	}
	trace_out_reopen();
}

int trace_out_done(void)
{
	struct stat st;

	if (fflush(file) || ferror(file)) {
		if (errno != EPIPE)
			say("%s: %s", path ? path : "stdout", strerror(errno));
		return -1;
	}
	if (limit && !fstat(fileno(file), &st) && (unsigned long long)st.st_size >= limit)
		rotate();
	return 0;
}

void trace_out_close(void)
{
	if (file && file != stdout)
		fclose(file);
	file = NULL;
}

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

void trace_out_json(const struct trace_judged *j, const struct trace_opts *o)
{
	static char buf[1 << 20];
	struct fdf_record r = { .buf = buf,
				.cap = sizeof(buf),
				.argv_max = o->no_argv ? 0 : 65536 };
	size_t i;

	fdf_record_begin(&r, &j->exec);
	add_place(&r, j);
	for (i = 0; i < j->x->nfds; i++)
		if (trace_wants(o, j, i))
			fdf_record_fd(&r, &j->x->fds[i].d, &j->v[i]);
	r.more += (unsigned)j->lost;
	fwrite(buf, 1, fdf_record_end(&r, 0, j->inexact), file);
}
