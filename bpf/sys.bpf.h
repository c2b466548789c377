/*
 * sys.bpf.h: what system calls say: close_range, which seals, and the calls by
 * which a program means a descriptor.
 *
 * Attached only when asked for.  Two ways in, for the same work: a raw program on
 * sys_enter sees all calls of all programs, also of 32-bit ones, and costs every
 * system call of the machine; so the first thing that it does is to look at the
 * number.  A program on the tracepoints of single calls costs the others nothing,
 * but asks for tracefs and sees no calls of 32-bit programs.
 */
#ifndef FDT_SYS_H
#define FDT_SYS_H

#include "bpf/call.bpf.h"
#include "bpf/past.bpf.h"
#include "bpf/prepare.bpf.h"

__noinline int stage_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct stage *st;
	u64 mask = ~0ull;
	u32 i, low;

	if (!s || s->word_index >= s->words || s->word_index >= FDT_STAGE_FDS / 64)
		return 1;
	i = s->word_index++;
	low = i * 64;
	if (s->index >= low + 64 || s->left < low)
		return 0;
	if (s->index > low)
		mask &= ~0ull << (s->index - low);
	if (s->left < low + 63)
		mask &= ~0ull >> (low + 63 - s->left);
	st = bpf_map_lookup_elem(&stages, &s->stage_key);
	if (!st)
		return 1;
	st->bits[i & (FDT_STAGE_FDS / 64 - 1)] |=
		mask & word_at(s->open, i) & ~word_at(s->cloexec, i);
	return 0;
}
STEP_CB(stage_step)

static const struct stage no_stage;

/* Linux before 6.10: the descriptors are told at once, and paired with the exec that follows. */
static __always_inline void tell_stage(struct scratch *s, struct task_struct *t, u64 image)
{
	struct pending p = { new_id(), leader_start(t) };
	u64 key = (u64)t;

	s->id = p.id;
	s->image = image;
	root_of(s, t);
	path_walk(s, SLOT_STAGE, BPF_CORE_READ(t, mm, exe_file));
	put_prep(s, SLOT_STAGE, t);
	walk_counts(s);
	table_from(s, BPF_CORE_READ(t, files), WALK_STAGE);
	RUN(fd_step, SLOT_STAGE);
	put_prep_end(s, SLOT_STAGE, t);
	bpf_map_update_elem(&pendings, &key, &p, BPF_ANY);
}

/* Remember what is open, not close-on-exec and in first..last: the call that follows seals it. */
static __always_inline bool stage(struct scratch *s, struct task_struct *t, u32 first, u32 last,
				  u32 flags)
{
	bool again = stage_of(s, t);
	struct stage *st;

	if (first > last || (!again && !(flags & (CLOEXEC | UNSHARE))))
		return false;
	if (!again)
		bpf_map_update_elem(&stages, &s->stage_key, &no_stage, BPF_ANY);
	st = staged(s);
	if (!st || (!(flags & (CLOEXEC | UNSHARE)) && !st->closes))
		return false;
	st->start = BPF_CORE_READ(t, start_boottime);
	st->tid = BPF_CORE_READ(t, pid);
	if (!(flags & CLOEXEC))
		st->closes = 1;
	if (first != last)
		st->ranged = 1;
	table_from(s, BPF_CORE_READ(t, files), WALK_OPEN);
	s->index = first;
	s->left = last;
	s->word_index = first / 64;
	if (s->words > last / 64 + 1)
		s->words = last / 64 + 1;
	RUN(stage_step, SLOT_STAGE);
	return true;
}

/* True: Linux before 6.10, where it has to be told at once. */
static __always_inline bool sealing(struct scratch *s, struct task_struct *t, struct call *c)
{
	bool one = c->nr != NR_close_range;

	/* One by one, as a fence does where the table is small; or long before, with care. */
	if (one && !(c->nr == NR_fcntl && c->b == SETFD && c->c & 1) &&
	    !(c->nr == NR_ioctl && c->b == CLEX))
		return false;
	return stage(s, t, c->a, one ? c->a : c->b, one ? CLOEXEC : c->c) && !one &&
	       !cfg.has_prepare;
}

static __always_inline void mark(struct task_struct *t, u32 fd)
{
	struct act_key key = { BPF_CORE_READ(t, tgid), fd };
	struct act *old = bpf_map_lookup_elem(&acts, &key);
	struct act a = { file_at(fd), 0, BPF_CORE_READ(t, pid), bpf_ktime_get_ns() };

	if (old && old->file == a.file)
		a.sign = old->sign;
	if (a.file && fd > 2)
		bpf_map_update_elem(&acts, &key, &a, BPF_ANY);
}

/*
 * After an exec that failed a fence takes away the marks that it set before: things
 * are as they were, and nothing is said about the descriptor.  So it is with what
 * this thread marked before it tried, and with what bears no mark at all.
 */
static __always_inline bool put_back(struct task_struct *t, u32 fd, u64 file)
{
	struct act_key key = { BPF_CORE_READ(t, tgid), fd };
	struct act *a = bpf_map_lookup_elem(&acts, &key);
	u64 self = bpf_get_current_pid_tgid(), *tried = bpf_map_lookup_elem(&tries, &self);

	if (!tried)
		return false;
	if (!a || a->file != file || !a->marker)
		return !is_marked(fd);
	if (a->marker != (u32)self || *tried < a->mark_ns)
		return false;
	a->marker = 0;
	return true;
}

static __always_inline void cleared(struct task_struct *t, u32 fd)
{
	u64 file = file_at(fd);

	if (!put_back(t, fd, file))
		note(fd, file, FDT_ACT);
}

static __always_inline void tried(void)
{
	u64 self = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_map_update_elem(&tries, &self, &now, BPF_ANY);
}

static __always_inline void dups(struct task_struct *t, struct call *c)
{
	u64 file = file_at(c->a);

	if (!file || c->a == c->b)
		return;
	past_closes(BPF_CORE_READ(t, tgid), c->b);
	if (!(c->nr == NR_dup3 && c->c & O_CLOEXEC_) &&
	    BPF_CORE_READ(t, self_exec_id) == BPF_CORE_READ(t, parent_exec_id))
		note(c->b, file, FDT_PLACED);
}

static __always_inline bool makes_pair(const struct call *c)
{
	return c->nr == NR_pipe || c->nr == NR_pipe2 || (c->nr == NR_socketpair && c->a == AF_UNIX);
}

static __always_inline void acting(struct task_struct *t, struct call *c)
{
	if (c->nr == NR_execve || c->nr == NR_execveat) {
		tried();
		past_signs(SLOT_STAGE);
	} else if (c->nr == NR_close)
		past_closes(BPF_CORE_READ(t, tgid), c->a);
	else if (c->nr == NR_close_range && !(c->c & CLOEXEC))
		past_closes_range(SLOT_STAGE, c->a, c->b);
	else if (makes_pair(c))
		past_makes(SLOT_STAGE, c->nr != NR_pipe && c->b & O_CLOEXEC_);
	else if (c->nr == NR_fcntl && c->b == SETFD)
		c->c & 1 ? mark(t, c->a) : cleared(t, c->a);
	else if (c->nr == NR_ioctl && c->b == CLEX)
		mark(t, c->a);
	else if (c->nr == NR_ioctl && c->b == NONCLEX)
		cleared(t, c->a);
	else if (c->nr == NR_dup2 || c->nr == NR_dup3)
		dups(t, c);
}

struct call_args { /* of the tracepoints of single calls: syscall_tp_t in kernel/trace */
	u64 unused;
	u32 nr, unused2;
	u64 args[6];
};

/*
 * Linux before 6.10: programs of their own, called as tails of those below;
 * together the verifier has too much.
 */
static __always_inline int tell_now(void)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct fdt_image *image = in_scope(BPF_CORE_READ(t, tgid));
	struct scratch *s = scratch(SLOT_STAGE);

	if (s)
		tell_stage(s, t, image ? image->id : 0);
	return 0;
}

SEC("raw_tp/sys_enter")
int sys_enter_tail(struct raw_args *ctx)
{
	return tell_now();
}

SEC("tp")
int sys_call_tail(struct call_args *ctx)
{
	return tell_now();
}

/* One for each type of program. */
struct tails {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
};
struct tails sys_enter_next SEC(".maps"), sys_call_next SEC(".maps");

/* True: call the tail. */
static __always_inline bool called(struct call *c)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct fdt_image *image = in_scope(BPF_CORE_READ(t, tgid));
	struct scratch *s = scratch(SLOT_STAGE);

	if (cfg.tree && !(image && image->in_tree))
		return false;
	if (cfg.acts)
		acting(t, c);
	return s && cfg.would && sealing(s, t, c);
}

SEC("raw_tp/sys_enter")
int sys_enter(struct raw_args *ctx)
{
	struct call c;
	u64 nr = ctx->args[1];

	if (!is_of_interest(nr))
		return 0;
	c = call_of(RAW(ctx, struct pt_regs *, 0), nr);
	if (called(&c))
		bpf_tail_call(ctx, &sys_enter_next, 0);
	return 0;
}

SEC("tp")
int sys_call(struct call_args *ctx)
{
	struct call c = { ctx->nr, ctx->args[0], ctx->args[1], ctx->args[2] };

	if (called(&c))
		bpf_tail_call(ctx, &sys_call_next, 0);
	return 0;
}

#endif
