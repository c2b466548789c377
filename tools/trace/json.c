/*
 * json.c: an exec that the kernel told as a record.
 */
#include <stdio.h>

#include "tools/trace/json.h"

/* What only the tracer knows of an exec. */
static void put_members(char *to, size_t cap, const struct trace_exec *x)
{
	const struct fdt_who *old = &x->prep.who, *new = &x->begin.who;
	bool changed = x->have_prep && (old->uid != new->uid || old->gid != new->gid);
	char cred[64] = "";

	if (changed)
		snprintf(cred, sizeof(cred), ",\"into_cred\":\"%u:%u\"", new->uid, new->gid);
	snprintf(to, cap, "%s%s", cred, x->end.killed ? ",\"killed\":true" : "");
}

size_t trace_json(struct view_json *t, const struct trace_judged *j, const struct trace_opts *o)
{
	char members[128];

	put_members(members, sizeof(members), j->x);
	view_json_begin(t, &j->exec, &j->place, members, !o->no_argv);
	for (size_t i = 0; i < j->x->nfds; i++)
		if (trace_wants(o, j, i))
			view_json_fd(t, &j->x->fds[i].d, &j->v[i], "");
	return view_json_end(t, (unsigned)j->lost, j->inexact);
}
