/*
 * kill.c: rules for --kill, in the form that the kernel side judges
 * (bpf/kill.bpf.h).  What does not fit is refused at the start: never half a rule.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <string.h>

#include "bpf/event.h"
#include "tools/base/base.h"
#include "tools/kernel/request.h"
#include "tools/kernel/kill.h"

#include "trace.skel.h" /* needs bpf/event.h before it */

/* The kernel side has numbers of its own for the types (bpf/event.h). */
#define SAME(type) _Static_assert((int)FDT_TYPE_##type == (int)FDF_##type, #type)
SAME(FILE);
SAME(DIR);
SAME(CHR);
SAME(BLK);
SAME(LINK);
SAME(PIPE);
SAME(FIFO);
SAME(SOCKET);
SAME(LISTENER);
SAME(MEMFD);
SAME(ANON);

static const char *glob_tokens(struct fdt_glob *to, struct fdf_str g, bool image)
{
	size_t i, stars;
	unsigned n = 0;
	bool path;

	memset(to, 0, sizeof(*to));
	if (!g.s)
		return NULL;
	to->set = 1;
	path = memchr(g.s, '/', g.len);
	to->base = image && !path;
	if (to->base)
		n = 1;
	for (i = 0; i < g.len; i++) {
		if (n >= FDT_GLOB - 1)
			return "patterns of at most 62 characters";
		if (g.s[i] == '[')
			return "patterns without [sets]";
		for (stars = 0; i + stars < g.len && g.s[i + stars] == '*'; stars++)
			;
		if (stars) {
			to->token[n++] = path && stars == 1 ? FDT_NAME_ANY : FDT_ANY;
			i += stars - 1;
		} else if (g.s[i] == '?') {
			to->token[n++] = path ? FDT_NAME_ONE : FDT_ANY_ONE;
		} else {
			to->token[n++] = (unsigned char)(g.s[i] == '\\' && i + 1 < g.len ? g.s[++i]
											 : g.s[i]);
		}
	}
	to->token[n] = FDT_GLOB_END;
	return NULL;
}

/* Runs of numbers; the core says which are in. */
static const char *range_list(struct fdt_rule *to, struct fdf_str ranges)
{
	int first = fdf_ranges_next(ranges, 0), last;

	to->nranges = 0;
	while (ranges.s && first >= 0) {
		if (to->nranges == FDT_RULE_RANGES)
			return "at most 8 ranges";
		/* An open end, or one behind all numbers that a process may have. */
		for (last = first; last < 1 << 20 && fdf_ranges_have(ranges, last + 1); last++)
			;
		to->range[to->nranges][0] = (uint32_t)first;
		to->range[to->nranges++][1] = last < 1 << 20 ? (uint32_t)last : INT_MAX;
		first = last < 1 << 20 ? fdf_ranges_next(ranges, last + 1) : -1;
	}
	return NULL;
}

/* One rule of the policy in the kernel's form.  NULL, or what the kernel side cannot do. */
static const char *kernel_rule(struct fdt_rule *to, const struct fdf_rule *from)
{
	const char *why;

	if (from->addr.s)
		return "rules without addr=";
	to->verdict = from->verdict == FDF_DENY ? FDT_RULE_DENY : FDT_RULE_PASS;
	to->types = from->types;
	why = range_list(to, from->fds);
	if (!why)
		why = glob_tokens(&to->exe, from->exe, true);
	if (!why)
		why = glob_tokens(&to->into, from->into, true);
	return why ? why : glob_tokens(&to->path, from->path, false);
}

static bool has_keep(const struct trace_opts *o)
{
	return o->policy.keep.len > 0;
}

int kill_configure(struct trace *skel, const struct trace_opts *o)
{
	struct fdt_config *cfg = (struct fdt_config *)&skel->rodata->cfg;
	const struct fdf_policy *p = &o->policy;
	struct fdt_rule r;
	const char *why;
	int i, denies = 0;

	if (!o->kill)
		return 0;
	if (p->nrules + has_keep(o) > FDT_RULES) {
		say("trace: --kill takes at most %d rules", FDT_RULES - has_keep(o));
		return -1;
	}
	for (i = 0; i < p->nrules; i++) {
		why = kernel_rule(&r, &p->rules[i]);
		if (why) {
			say("trace: --kill: rule %u: the kernel side takes %s", p->rules[i].line,
			    why);
			return -1;
		}
		denies += p->rules[i].verdict == FDF_DENY;
	}
	if (!denies) {
		say("trace: --kill needs a rule with the verdict deny (--rule 'deny "
		    "type=listener')");
		return -1;
	}
	cfg->kill = (uint32_t)(p->nrules + has_keep(o));
	return 0;
}

int kill_load(struct trace *skel, const struct trace_opts *o)
{
	const struct fdf_policy *p = &o->policy;
	struct fdf_rule keep = { .verdict = FDF_KEEP, .fds = p->keep };
	int map = bpf_map__fd(skel->maps.rules);
	struct fdt_rule r;
	uint32_t key = 0;
	int i;

	if (!o->kill)
		return 0;
	for (i = has_keep(o) ? -1 : 0; i < p->nrules; i++, key++) {
		memset(&r, 0, sizeof(r));
		if (kernel_rule(&r, i < 0 ? &keep : &p->rules[i]))
			return -1;
		if (bpf_map_update_elem(map, &key, &r, BPF_ANY)) {
			say("trace: --kill: %s", strerror(errno));
			return -1;
		}
	}
	return 0;
}
