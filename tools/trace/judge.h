/*
 * judge.h: one exec that the kernel told, judged by the policy of the core.
 */
#ifndef FDF_TRACE_JUDGE_H
#define FDF_TRACE_JUDGE_H

#include "preload/core/policy.h"
#include "tools/kernel/decode.h"
#include "tools/kernel/request.h"
#include "tools/view/columns.h"

struct trace_judged {
	struct trace_exec *x;
	struct fdf_exec exec; /* exec.before points to before, or is NULL */
	struct fdf_before before;
	struct fdf_intent intent;
	struct fdf_decision *v; /* one for each x->fds */
	unsigned leaked, kept, would;
	int withheld; /* descriptors from 3 on that were addressed to a parent, not to this process */
	unsigned long lost;  /* descriptors that are not in x->fds */
	const char *inexact; /* NULL, or why this is not the whole truth */
	char *exe, *into;
	char **argv, **envp;
	struct view_place place;
};
/* Takes over x.  Strings in *j live until trace_judged_free(). */
void trace_judge(struct trace_judged *j, struct trace_exec *x, const struct trace_opts *o,
		 bool prepares, const char *cgroup);
void trace_judged_free(struct trace_judged *j);
enum trace_show trace_kind(const struct trace_judged *j, size_t i); /* of descriptor i */

/* A rule denies descriptor i, and --kill ended the exec for it: it reached nobody. */
bool trace_is_killed(const struct trace_judged *j, size_t i);
/* Is it one that the shim may keep as one end of a pair, which was not seen being made here? */
bool trace_perhaps_pair(const struct trace_judged *j, size_t i);
/* Does descriptor i pass the filters, or, with i behind the last, the exec? */
bool trace_matches(const struct trace_opts *o, const struct trace_judged *j, size_t i);
/* ... and is it of a kind that --show shows? */
bool trace_wants(const struct trace_opts *o, const struct trace_judged *j, size_t i);
/* Does it leak, and is nothing but its severity against it? */
bool trace_is_below(const struct trace_opts *o, const struct trace_judged *j, size_t i);

#endif
