/*
 * judge.c: one exec of the kernel to facts, and facts to verdicts, by the
 * policy that the shim uses.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "preload/core/exactly.h"
#include "preload/core/severity.h"
#include "tools/base/base.h"
#include "tools/kernel/decode.h"
#include "tools/kernel/images.h"
#include "tools/kernel/request.h"
#include "tools/proc/cgroup.h"
#include "tools/proc/machine.h"
#include "tools/trace/judge.h"
#include "tools/trace/reach.h"

/* The kernel tells CLOCK_MONOTONIC; what a record has is the time of day. */
static void set_time(struct fdf_exec *e, uint64_t mono_ns)
{
	struct timespec mono, real;
	int64_t now;

	clock_gettime(CLOCK_MONOTONIC, &mono);
	clock_gettime(CLOCK_REALTIME, &real);
	now = real.tv_sec * 1000000000LL + real.tv_nsec;
	now -= mono.tv_sec * 1000000000LL + mono.tv_nsec - (int64_t)mono_ns;
	e->time_s = now / 1000000000;
	e->time_ns = (uint32_t)(now % 1000000000);
}

/* As /proc/PID/exe reads. */
static char *exe_text(const struct decode_text *t)
{
	return must_printf("%s%s%s", t->flags & FDT_CUT ? "..." : "", t->s ? t->s : "",
			   t->flags & FDT_DELETED ? " (deleted)" : "");
}

static struct fdf_str comm_of(const uint8_t *comm)
{
	const char *s = (const char *)comm;

	return (struct fdf_str){ s, strnlen(s, FDT_COMM) };
}

/* An upgrade in place has replaced the file of the image that runs. */
static bool took_its_place(struct fdf_str exe, struct fdf_str into)
{
	struct fdf_str path = fdf_stored(exe);

	return path.len != exe.len && fdf_str_eq(path, into);
}

static const char *value_of(char *const *envp, const char *name)
{
	size_t len = strlen(name);

	for (; *envp; envp++)
		if (!strncmp(*envp, name, len) && (*envp)[len] == '=')
			return *envp + len + 1;
	return "";
}

/* How many descriptors LISTEN_FDS gives to the process that LISTEN_PID names, if it is this one. */
static int addressed(const struct trace_judged *j)
{
	return fdf_addressed(value_of(j->envp, "LISTEN_FDS"), value_of(j->envp, "LISTEN_PID"),
			     j->x->begin.ns_pid);
}

/* Which program the old image was, if its file is many in one. */
static struct fdf_str applet(const char called[FDT_CALLED])
{
	size_t first = strlen(called) + 1;

	if (!*called)
		return (struct fdf_str){ NULL, 0 };
	return fdf_applet(called, first < FDT_CALLED ? called + first : NULL);
}

static bool has_whole_env(const struct trace_exec *x)
{
	return !x->env_torn && !x->end.text_dropped && x->begin.env_len <= FDT_ENV_MAX;
}

/* What this image is, for the execs to come. */
static void remember(const struct trace_judged *j)
{
	const struct trace_exec *x = j->x;
	struct trace_image image = { .exe = x->exe.s ? x->exe.s : (char *)"",
				     .addressed = addressed(j),
				     .knows_before = has_whole_env(x) };

	for (char *const *e = j->envp; *e; e++)
		fdf_before_note(&image.before, *e);
	trace_images_put(x->id, &image);
}

static void facts(struct trace_judged *j, bool prepares)
{
	struct trace_exec *x = j->x;
	const struct fdt_who *old = &x->prep.who, *new = &x->begin.who;
	struct fdf_exec *e = &j->exec;
	const struct trace_image *from;

	from = trace_images_get(x->begin.image);
	j->withheld = from && x->begin.child ? from->addressed : 0;
	if (from)
		j->before = from->before;
	j->into = decode_into(x);
	j->argv = decode_vector(&x->args);
	j->envp = decode_vector(&x->env);
	if (x->have_prep) {
		j->exe = exe_text(&x->old_exe);
	} else {
		j->exe = must_dup(from ? from->exe : "");
		if (!*j->exe && prepares && x->end.found)
			j->inexact = "the image that called exec is not known";
	}
	*e = (struct fdf_exec){
		.event = "exec",
		.source = "trace",
		.entry = "exec",
		.host = machine_host(),
		.boot_id = machine_boot_id(),
		.comm = comm_of(x->have_prep ? old->comm : new->comm),
		.pid = (int32_t)x->begin.tgid,
		.tid = (int32_t)x->begin.tid,
		.ppid = (int32_t)x->begin.ppid,
		.uid = x->have_prep ? old->uid : new->uid,
		.gid = x->have_prep ? old->gid : new->gid,
		.exe = fdf_str(j->exe),
		.applet = applet(x->begin.called),
		.into = fdf_str(j->into),
		.argv = j->argv,
		.envp = j->envp,
		.before = from && from->knows_before ? &j->before : NULL,
		.same_image = x->have_prep && !x->name.s && !x->begin.child &&
			      ((old->exe_ino == new->exe_ino && old->exe_dev == new->exe_dev) ||
			       took_its_place(fdf_str(j->exe), fdf_str(j->into))),
	};
	set_time(e, x->begin.time_ns);
	remember(j);
}

/* Sealed at close_range, told before the exec (Linux before 6.10), and crossed all the same? */
static bool crossed_too(const struct trace_exec *x, const struct trace_fd *f)
{
	size_t i;

	for (i = 0; i < x->nfds; i++)
		if (!x->fds[i].would && x->fds[i].d.fd == f->d.fd)
			return true;
	return false;
}

/*
 * A script that is found by a number, which its interpreter opens: /dev/fd/N[/PATH] is what the
 * kernel calls the file of an fexecve.  What a link leads to is not seen here.
 */
static bool is_script(const struct trace_exec *x, int fd)
{
	char own[32];
	const char *const places[] = { "/dev/fd/", "/proc/self/fd/", "/proc/thread-self/fd/", own };
	const char *name = x->name.s ? x->name.s : "";
	char *end;

	snprintf(own, sizeof(own), "/proc/%u/fd/", x->begin.ns_pid);
	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		size_t len = strlen(places[i]);

		if (!strncmp(name, places[i], len) && strtol(name + len, &end, 10) == fd &&
		    (!*end || *end == '/'))
			return true;
	}
	return false;
}

static const char perhaps_pair[] = "the shim may keep it as one end of a pair made for this child";

bool trace_perhaps_pair(const struct trace_judged *j, size_t i)
{
	return j->v[i].why.s == perhaps_pair;
}

/* Was each call of this image seen that makes a pair or closes an end? */
static bool knows_pairs(const struct trace_exec *x, const struct trace_opts *o)
{
	return o->acts && x->begin.image && !(x->begin.image & TRACE_SEED) &&
	       !(x->begin.unsure & FDT_UNSURE_PAIRS);
}

/*
 * The shim keeps what carries the sign `pair`, too.  Where the calls were not seen, or a variable
 * may name it that had its value before, a leak that it may keep is not called one without a word.
 */
static void ask_pair(struct fdf_decision *v, const struct fdf_exec *e, const struct trace_fd *f,
		     bool known)
{
	static const struct fdf_before nothing;
	struct fdf_exec named = *e;

	if (!named.before)
		named.before = &nothing;
	if (known && !(f->d.sign & FDF_SIGN_PAIR))
		return;
	if (f->d.type != FDF_PIPE && !(f->d.type == FDF_SOCKET && f->sock.family == AF_UNIX))
		return;
	if (f->uid == e->uid && fdf_named_exactly(&named, f->d.fd, &v->asked))
		v->why = fdf_str(perhaps_pair);
}

static void judge_fd(struct trace_judged *j, size_t i, const struct trace_opts *o)
{
	struct trace_fd *f = &j->x->fds[i];
	struct fdf_exec e = j->exec;

	trace_reach(f, o->snapshot ? NULL : j->x);
	if (is_script(j->x, f->d.fd) || f->d.fd == (int)j->x->begin.opened)
		f->d.sign |= FDF_SIGN_SCRIPT;
	if (f->d.fd < 3 + j->withheld)
		f->d.sign &= (uint8_t)~FDF_SIGN_GIVEN;
	if (f->uid != e.uid)
		f->d.sign &= (uint8_t)~FDF_SIGN_PAIR;
	/* LISTEN_PID names the process as it sees itself. */
	e.pid = (int32_t)j->x->begin.ns_pid;
	j->v[i] = fdf_decide(&o->policy, &e, &j->intent, &f->d);
	if (j->v[i].reason == FDF_BY_DEFAULT && (o->policy.intent & FDF_PAIR) && !j->intent.cgi)
		ask_pair(&j->v[i], &e, f, knows_pairs(j->x, o));
	if (f->would) {
		if (crossed_too(j->x, f)) {
			j->v[i].verdict = FDF_NONE;
			return;
		}
		j->v[i].verdict = FDF_SEAL;
		j->would++;
	} else if (j->v[i].verdict == FDF_KEEP) {
		j->kept++;
	} else {
		/* It got through: whatever the policy would have done, it is reported. */
		if (j->v[i].verdict == FDF_SEAL)
			j->v[i].verdict = FDF_REPORT;
		j->leaked++;
	}
}

static void completeness(struct trace_judged *j, bool prepares)
{
	const struct trace_exec *x = j->x;

	j->lost = x->end.dropped + x->end.capped + x->prep_end.dropped;
	if (x->end.dropped || x->prep_end.dropped)
		j->inexact = "the ring was full: descriptors were dropped";
	else if (x->end.capped)
		j->inexact = "more descriptors than --max-fds";
	else if (x->args_torn || x->env_torn || x->end.text_dropped)
		j->inexact =
			"arguments or environment could not be read: intent is not known in full";
	else if (x->begin.env_len > FDT_ENV_MAX || x->begin.args_len > FDT_ARGS_MAX)
		j->inexact = "arguments or environment are too long: intent is not known in full";
	else if (x->begin.unsure & FDT_UNSURE_ACTS && j->leaked)
		j->inexact = "calls meant more descriptors than are remembered: a leak may be one";
	else if (x->prep_end.unseen)
		j->inexact = "sealed descriptors above 8191 were not looked at";
	else if (j->would && !prepares)
		j->inexact = "no sched_prepare_exec in this kernel: sealed ones as close_range "
			     "found them";
	else if (j->intent.overflow)
		j->inexact = FDF_MEANT_MORE;
}

void trace_judge(struct trace_judged *j, struct trace_exec *x, const struct trace_opts *o,
		 bool prepares, const char *cgroup)
{
	struct fdf_exec e;
	size_t i;

	*j = (struct trace_judged){
		.x = x,
		.place = { .cgroup = cgroup, .mnt_ns = x->begin.mnt_ns, .pid_ns = x->begin.pid_ns }
	};
	facts(j, prepares);
	e = j->exec;
	e.pid = (int32_t)x->begin.ns_pid;
	fdf_intent_read(&j->intent, &e, o->policy.intent);
	j->v = must_alloc(x->nfds * sizeof(*j->v));
	for (i = 0; i < x->nfds; i++)
		judge_fd(j, i, o);
	cgroup_container(j->place.container, cgroup);
	cgroup_pod(j->place.pod, cgroup);
	completeness(j, prepares);
}

void trace_judged_free(struct trace_judged *j)
{
	free(j->exe);
	free(j->into);
	free(j->argv);
	free(j->envp);
	free(j->v);
	trace_exec_free(j->x);
}

enum trace_show trace_kind(const struct trace_judged *j, size_t i)
{
	if (j->x->fds[i].would)
		return j->v[i].verdict == FDF_NONE ? 0 : SHOW_WOULD;
	return j->v[i].verdict == FDF_KEEP ? SHOW_KEPT : SHOW_LEAKED;
}

bool trace_is_killed(const struct trace_judged *j, size_t i)
{
	return j->x->end.killed && j->v[i].verdict == FDF_DENY;
}

static bool is_asked_for(const struct trace_opts *o, const struct trace_judged *j, size_t i)
{
	return filter_has_process(&o->filter, &j->exec, j->place.cgroup) &&
	       (i >= j->x->nfds || filter_has_type(&o->filter, j->x->fds[i].d.type));
}

static bool is_severe(const struct trace_opts *o, const struct trace_judged *j, size_t i)
{
	return i >= j->x->nfds || fdf_severity_of(&j->x->fds[i].d).level >= o->min_severity;
}

bool trace_matches(const struct trace_opts *o, const struct trace_judged *j, size_t i)
{
	return is_asked_for(o, j, i) && is_severe(o, j, i);
}

bool trace_is_below(const struct trace_opts *o, const struct trace_judged *j, size_t i)
{
	return trace_kind(j, i) == SHOW_LEAKED && is_asked_for(o, j, i) && !is_severe(o, j, i);
}

bool trace_wants(const struct trace_opts *o, const struct trace_judged *j, size_t i)
{
	return trace_matches(o, j, i) && (i >= j->x->nfds || o->show & trace_kind(j, i));
}
