/*
 * kill.bpf.h: --kill: rules judged before the exec, so that a process whose exec
 * would leak what a rule denies dies before the new image runs.
 *
 * Only rules, in their order, are judged here: they come before intent in the
 * policy too.  The command has turned each into a struct fdt_rule and refused
 * those that do not fit.
 */
#ifndef FDT_KILL_H
#define FDT_KILL_H

#include "bpf/fd.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, FDT_RULES);
	__type(key, u32);
	__type(value, struct fdt_rule);
} rules SEC(".maps");

/* Which part of the rules is judged, and against which text. */
enum glob { GLOB_EXE, GLOB_INTO, GLOB_PATH };

static __always_inline u32 type_of(struct scratch *s)
{
	u32 off = s->off;
	struct fdt_sock *so = (struct fdt_sock *)&s->buf[TEXT_END - sizeof(*so)];

	barrier_var(off);
	off &= OFF_MASK;
	if (s->fd.magic == FDT_ANONFS || s->fd.magic == FDT_PIDFS)
		return FDT_TYPE_ANON;
	switch (s->fd.mode & S_IFMT) {
	case S_IFREG:
		if (s->flags & FDT_PSEUDO && s->buf[off] == 'm' && s->buf[off + 5] == ':')
			return FDT_TYPE_MEMFD;
		return FDT_TYPE_FILE;
	case S_IFDIR:
		return FDT_TYPE_DIR;
	case S_IFCHR:
		return FDT_TYPE_CHR;
	case S_IFBLK:
		return FDT_TYPE_BLK;
	case S_IFLNK:
		return FDT_TYPE_LINK;
	case S_IFIFO:
		return s->fd.magic == FDT_PIPEFS ? FDT_TYPE_PIPE : FDT_TYPE_FIFO;
	case S_IFSOCK:
		return s->fd.magic == FDT_SOCKFS && so->state == TCP_LISTEN ? FDT_TYPE_LISTENER
									    : FDT_TYPE_SOCKET;
	default:
		return FDT_TYPE_ANON;
	}
}

/*
 * One step of a match: the positions behind the last star that stays in a name, and behind the
 * last one that does not, are kept to come back to (preload/core/glob.c).
 */
static long glob_step(u32 index, u32 *slot)
{
	struct scratch *s = scratch(*slot);
	struct fdt_rule *r;
	struct fdt_glob *g;
	u32 n, at, token, end, byte;

	if (!s)
		return 1;
	n = s->rule;
	r = bpf_map_lookup_elem(&rules, &n);
	if (!r)
		return 1;
	g = s->glob == GLOB_EXE ? &r->exe : s->glob == GLOB_INTO ? &r->into : &r->path;
	if (!s->glob_at && g->base) {
		s->text_at = s->base;
		s->glob_at = 1;
		return 0;
	}
	at = s->glob_at;
	barrier_var(at);
	token = g->token[at & (FDT_GLOB - 1)];
	end = s->text_at >= TEXT_END;
	if (token == FDT_GLOB_END && end) {
		s->matched = 1;
		return 1;
	}
	if (token == FDT_NAME_ANY) {
		s->star = ++s->glob_at;
		s->star_text = s->text_at;
		return 0;
	}
	if (token == FDT_ANY) {
		s->star = 0;
		s->across = ++s->glob_at;
		s->across_text = s->text_at;
		return 0;
	}
	if (end)
		return 1;
	at = s->text_at;
	barrier_var(at);
	byte = s->buf[at & OFF_MASK];
	if (token == byte || token == FDT_ANY_ONE || (token == FDT_NAME_ONE && byte != '/')) {
		s->glob_at++;
		s->text_at++;
		return 0;
	}
	at = s->star_text;
	barrier_var(at);
	if (s->star && s->buf[at & OFF_MASK] != '/') {
		s->glob_at = s->star;
		s->text_at = ++s->star_text;
		return 0;
	}
	if (!s->across)
		return 1;
	s->star = 0;
	s->glob_at = s->across;
	s->text_at = ++s->across_text;
	return 0;
}

/* Does that glob of rule s->rule match the text at s->off? */
__noinline int glob_match(u32 which)
{
	u32 slot = SLOT_PREPARE;
	struct scratch *s = scratch(slot);

	if (!s)
		return 0;
	s->glob = which;
	s->glob_at = s->star = s->across = s->matched = 0;
	s->text_at = s->off;
	bpf_loop(MAX_STEPS, glob_step, &slot, 0);
	return s->matched;
}

static __always_inline bool in_ranges(struct fdt_rule *r, u32 fd)
{
	u32 i;

	if (!r->nranges)
		return true;
	for (i = 0; i < FDT_RULE_RANGES; i++)
		if (i < r->nranges && r->range[i][0] <= fd && fd <= r->range[i][1])
			return true;
	return false;
}

/* Rule s->rule on the descriptor that s has looked at, or on one of the images. */
static __always_inline bool rule_matches(struct scratch *s, struct fdt_rule *r, u32 phase)
{
	if (phase == GLOB_EXE)
		return !r->exe.set || glob_match(phase);
	if (phase == GLOB_INTO)
		return !r->into.set || glob_match(phase);
	return !(s->rule_out >> (s->rule & 31) & 1) && in_ranges(r, s->fd.fd) &&
	       (!r->types || r->types >> (s->type & 31) & 1) && (!r->path.set || glob_match(phase));
}

static long rule_step(u32 index, u32 *slot)
{
	struct scratch *s = scratch(*slot);
	struct fdt_rule *r;
	u32 n;
	bool yes;

	if (!s)
		return 1;
	n = s->rule;
	if (n >= cfg.kill)
		return 1;
	r = bpf_map_lookup_elem(&rules, &n);
	if (!r)
		return 1;
	yes = rule_matches(s, r, s->phase);
	s->rule++;
	if (s->phase != GLOB_PATH) {
		if (!yes)
			s->rule_out |= 1u << (n & 31);
		return 0;
	}
	/* The first rule that matches decides. */
	if (yes && r->verdict == FDT_RULE_DENY)
		s->killed = 1;
	return yes;
}

__noinline int rules_judge(u32 phase)
{
	u32 slot = SLOT_PREPARE;
	struct scratch *s = scratch(slot);

	if (!s)
		return 0;
	s->rule = 0;
	s->phase = phase;
	if (phase == GLOB_PATH)
		s->type = type_of(s);
	bpf_loop(MAX_STEPS, rule_step, &slot, 0);
	return 0;
}

#endif
