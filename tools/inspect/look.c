/*
 * look.c: see look.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/base/base.h"
#include "tools/inspect/look.h"
#include "tools/proc/cgroup.h"
#include "tools/proc/machine.h"

#define ARGV_MAX (64u << 10)  /* bytes, as the tracer reads */
#define ENVP_MAX (128u << 10) /* ... */

int inspect_order(const struct inspect_fd *a, const struct inspect_fd *b)
{
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->s.level != b->s.level)
		return a->s.level > b->s.level ? -1 : 1;
	if (a->s.danger != b->s.danger)
		return a->s.danger < b->s.danger ? -1 : 1;
	return 0;
}

static int by_order(const void *a, const void *b)
{
	const struct inspect_fd *x = a, *y = b;
	int r = inspect_order(x, y);

	return r ? r : x->f->d.fd - y->f->d.fd;
}

/* Puts the sentence behind those that are there. */
static void add_why(char **why, char *sentence)
{
	char *old = *why;

	*why = old ? must_printf("%s; %s", old, sentence) : must_dup(sentence);
	free(old);
	free(sentence);
}

static char *inexact_of(const struct inspect_process *x, const struct proc_table *t, int env_error,
			bool env_cut)
{
	char *why = NULL;

	if (x->tables.ended)
		add_why(&why, must_dup("it ended while it was looked at"));
	if (t->unseen)
		add_why(&why, must_printf("%zu descriptor%s could not be looked at: %s", t->unseen,
					  t->unseen == 1 ? "" : "s", strerror(t->unseen_error)));
	if (t->unnamed)
		add_why(&why, must_printf("of %zu socket%s no address is known", t->unnamed,
					  t->unnamed == 1 ? "" : "s"));
	if (t->unsealed)
		add_why(&why, must_printf("of %zu memory file%s the seals are not known",
					  t->unsealed, t->unsealed == 1 ? "" : "s"));
	if (t->no_copies)
		add_why(&why, must_printf("%s: %s: sockets as /proc/%d/net tells them",
					  t->no_copies_by, strerror(t->no_copies), (int)x->pid));
	if (t->not_compared)
		add_why(&why, must_dup("kcmp is denied: which descriptors are one open file is not "
				       "known"));
	if (x->tables.guessed)
		add_why(&why, must_dup("kcmp is denied: threads that have the same numbers open "
				       "count as one table"));
	if (env_error)
		add_why(&why, must_printf("its environment: %s: what it names does not count",
					  strerror(env_error)));
	if (env_cut)
		add_why(&why, must_dup("its environment is too long: intent is not known in full"));
	return why;
}

static struct fdf_exec exec_of(const struct inspect_process *x, const struct pinned *p, pid_t tid)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	return (struct fdf_exec){ .event = "snapshot",
				  .source = "inspect",
				  .time_s = now.tv_sec,
				  .time_ns = (uint32_t)now.tv_nsec,
				  .host = machine_host(),
				  .boot_id = machine_boot_id(),
				  .comm = fdf_str(x->comm),
				  .pid = p->pid,
				  .tid = tid,
				  .ppid = p->ppid,
				  .uid = p->uid,
				  .gid = p->gid,
				  .exe = fdf_str(x->exe),
				  .applet = x->argv ? fdf_applet(x->argv[0],
								 x->argv[0] ? x->argv[1] : NULL)
						    : fdf_str(""),
				  .argv = x->argv };
}

/* It is let through as things are, whatever the policy would do; as in trace --snapshot. */
static enum inspect_kind kind_of(struct fdf_decision *v)
{
	if (v->reason == FDF_BY_CLOEXEC)
		return KIND_SEALED;
	if (v->verdict == FDF_KEEP)
		return KIND_KEPT;
	if (v->verdict == FDF_SEAL)
		v->verdict = FDF_REPORT;
	return KIND_LEAK;
}

static void judge(struct inspect_process *x, struct inspect_table *to, const struct proc_table *t,
		  const struct inspect_opts *o)
{
	static struct fdf_intent intent;
	struct fdf_exec e = to->exec;

	e.pid = 0;     /* LISTEN_PID names the process, not one that it will start */
	e.argv = NULL; /* those of the next image are not known */
	e.envp = x->envp;
	fdf_intent_read(&intent, &e, o->policy.intent);
	to->fds = must_alloc(t->n * sizeof(*to->fds));
	for (size_t i = 0; i < t->n; i++) {
		struct inspect_fd *f = &to->fds[to->n];

		*f = (struct inspect_fd){ .f = &t->fds[i], .shown = true };
		f->v = fdf_decide(&o->policy, &e, &intent, &f->f->d);
		f->s = fdf_severity_of(&f->f->d);
		f->kind = kind_of(&f->v);
		if (!filter_has_type(&o->filter, f->f->d.type))
			continue;
		x->kinds[f->kind]++;
		to->n += !o->leaks || f->kind == KIND_LEAK;
	}
	qsort(to->fds, to->n, sizeof(*to->fds), by_order);
}

/* Who it is; what only its descriptors are shown with comes later.  False: its image is hidden. */
static bool identify(struct inspect_process *x, const struct pinned *p)
{
	bool hidden;

	*x = (struct inspect_process){ .pid = p->pid, .start = p->start };
	memcpy(x->comm, p->comm, sizeof(x->comm));
	x->exe = pinned_exe(p);
	hidden = !x->exe && (errno == EACCES || errno == EPERM);
	if (!x->exe)
		x->exe = must_dup("");
	x->cgroup = must_alloc(CGROUP_MAX);
	cgroup_of(p->dir, "cgroup", x->cgroup);
	return !hidden;
}

static void find_place(struct inspect_process *x, const struct pinned *p)
{
	x->unit = cgroup_unit(x->cgroup);
	x->place = (struct view_place){ .cgroup = x->cgroup,
					.unit = x->unit,
					.mnt_ns = pinned_namespace(p, "mnt"),
					.pid_ns = pinned_namespace(p, "pid") };
	cgroup_container(x->place.container, x->cgroup);
	cgroup_pod(x->place.pod, x->cgroup);
}

static void judge_all(struct inspect_process *x, const struct pinned *p,
		      const struct inspect_opts *o)
{
	bool env_cut = false, argv_cut;
	int env_error = 0;

	x->envp = pinned_vector(p, "environ", ENVP_MAX, &env_cut);
	if (!x->envp)
		env_error = errno;
	x->argv = pinned_vector(p, "cmdline", ARGV_MAX, &argv_cut);
	x->table = must_alloc(x->tables.n * sizeof(*x->table));
	for (size_t i = 0; i < x->tables.n; i++) {
		struct inspect_table *t = &x->table[i];

		t->exec = exec_of(x, p, x->tables.table[i].tid);
		judge(x, t, &x->tables.table[i], o);
		t->inexact = inexact_of(x, &x->tables.table[i], env_error, env_cut);
		x->inexact |= t->inexact != NULL;
	}
	if (x->kinds[KIND_LEAK])
		x->fenced = fenced_by(p, x->envp);
}

enum fate inspect_look(struct inspect_process *to, const struct pinned *p,
		       const struct inspect_opts *o, struct netfiles *net, bool *wanted)
{
	struct filter filter = o->filter;
	struct fdf_exec who;
	bool hidden = !identify(to, p) && filter.exe;
	enum fate fate;

	if (hidden) /* it may be one that was asked for */
		filter.exe = NULL;
	who = exec_of(to, p, p->pid);
	*wanted = filter_has_process(&filter, &who, to->cgroup);
	if (!*wanted || hidden) {
		fate = *wanted ? FATE_DENIED : FATE_HERE;
		inspect_free(to);
		return fate;
	}
	fate = proc_tables_look(&to->tables, p, net, o->sealed);
	if (fate == FATE_HERE) {
		find_place(to, p);
		judge_all(to, p, o);
	} else {
		int err = errno;

		inspect_free(to);
		errno = err;
	}
	return fate;
}

void inspect_free(struct inspect_process *x)
{
	for (size_t i = 0; x->table && i < x->tables.n; i++) {
		free(x->table[i].fds);
		free(x->table[i].inexact);
	}
	free(x->table);
	proc_tables_free(&x->tables);
	free(x->exe);
	free(x->cgroup);
	free(x->unit);
	free(x->argv);
	free(x->envp);
	*x = (struct inspect_process){ 0 };
}
