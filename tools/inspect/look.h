/*
 * look.h: one process, looked at and judged as if it called exec now.
 *
 * What comes next is not known: FROM is the image that runs, INTO is empty.  Of the signs of intent
 * count those that are there before the exec: the image, and what its environment names, which the
 * next program gets as a rule.  LISTEN_PID counts for no program to come.
 */
#ifndef FDF_INSPECT_LOOK_H
#define FDF_INSPECT_LOOK_H

#include "preload/core/severity.h"
#include "tools/inspect/fenced.h"
#include "tools/inspect/options.h"
#include "tools/proc/procfds.h"
#include "tools/view/columns.h"

enum inspect_kind { KIND_LEAK, KIND_KEPT, KIND_SEALED, INSPECT_KINDS };

struct inspect_fd {
	struct proc_fd *f;
	struct fdf_decision v; /* text in it belongs to the process */
	struct fdf_severity s;
	enum inspect_kind kind;
	bool shown; /* by the filters, and, with --watch, since it is new */
};

/* One table of descriptors: what is leaked first, the worst of it first. */
struct inspect_table {
	struct fdf_exec exec;
	struct inspect_fd *fds;
	size_t n;
	char *inexact; /* NULL, or why this is not the whole truth ... */
	bool told;     /* ... which the look before has told already */
};

struct inspect_process {
	pid_t pid;
	uint64_t start; /* with pid it names one process */
	char comm[64];
	char *exe, *cgroup, *unit, **argv, **envp;
	struct view_place place;
	struct proc_tables tables;
	struct inspect_table *table; /* one for each of tables */
	size_t kinds[INSPECT_KINDS]; /* descriptors of the types asked for, shown or not */
	bool inexact;		     /* one of the tables is */
	enum fenced_by fenced;	     /* who will seal its leaks, if it has any ... */
	bool fenced_told;	     /* ... which the look before has told already */
};

/*
 * Look at a pinned process; *wanted says whether the filters ask for it.  FATE_HERE with *to
 * for inspect_free(); else why not, and nothing.
 */
enum fate inspect_look(struct inspect_process *to, const struct pinned *p,
		       const struct inspect_opts *o, struct netfiles *net, bool *wanted);
void inspect_free(struct inspect_process *x);

/* Is a worse than b?  Negative: yes; 0: neither. */
int inspect_order(const struct inspect_fd *a, const struct inspect_fd *b);

#endif
