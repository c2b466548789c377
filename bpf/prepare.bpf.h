/*
 * prepare.bpf.h: before the exec, at the point of no return: the old image, and
 * what was sealed and will not cross.
 */
#ifndef FDT_PREPARE_H
#define FDT_PREPARE_H

#include "bpf/task.bpf.h"
#include "bpf/walk.bpf.h"

static __always_inline struct fdt_prep *prep_head(struct scratch *s, struct task_struct *t,
						  u32 kind)
{
	struct fdt_prep *e = head(s, kind, sizeof(*e));

	e->tgid = BPF_CORE_READ(t, tgid);
	e->tid = BPF_CORE_READ(t, pid);
	e->image = s->image;
	return e;
}

static __always_inline void put_prep(struct scratch *s, u32 slot, struct task_struct *t)
{
	struct fdt_prep *e = prep_head(s, t, FDT_PREP);

	who_is(&e->who, t);
	e->found = e->emitted = e->dropped = e->unseen = 0;
	put(slot, sizeof(*e), true);
}

static __always_inline void put_prep_end(struct scratch *s, u32 slot, struct task_struct *t)
{
	struct fdt_prep *e;

	no_text(s);
	e = prep_head(s, t, FDT_PREP_END);
	__builtin_memset(&e->who, 0, sizeof(e->who));
	e->found = s->found;
	e->emitted = s->emitted;
	e->dropped = s->dropped;
	e->unseen = s->words > FDT_STAGE_FDS / 64;
	put(slot, sizeof(*e), true);
	count(dropped, s->dropped);
}

/* A close that was done in a table of one's own: the other table still has them. */
static __always_inline void walk_closed(struct scratch *s, struct task_struct *t)
{
	struct task_struct *from = BPF_CORE_READ(t, group_leader);
	u64 own = s->open;
	u32 words = s->words;

	if (from == t)
		from = BPF_CORE_READ(t, real_parent);
	table_from(s, BPF_CORE_READ(from, files), WALK_CLOSED);
	if (s->open == own || !s->array)
		return;
	s->own_open = own;
	s->own_words = words;
	RUN(fd_step, SLOT_PREPARE);
}

/* Would a rule deny this exec?  The old image's path stands at s->off. */
static __always_inline void judge(struct scratch *s, struct task_struct *t,
				  struct linux_binprm *bprm)
{
	s->rule_out = s->killed = 0;
	rules_judge(GLOB_EXE);
	path_walk(s, SLOT_PREPARE, BPF_CORE_READ(bprm, file));
	rules_judge(GLOB_INTO);
	walk_counts(s);
	table_from(s, BPF_CORE_READ(t, files), WALK_JUDGE);
	RUN(fd_step, SLOT_PREPARE);
	if (s->killed)
		bpf_send_signal(SIGKILL);
}

SEC("raw_tp/sched_prepare_exec")
int prepare(struct raw_args *ctx)
{
	struct task_struct *t = RAW(ctx, struct task_struct *, 0);
	struct fdt_image *image = in_scope(BPF_CORE_READ(t, tgid));
	struct scratch *s = scratch(SLOT_PREPARE);
	struct files_struct *files;
	struct file *exe;
	struct pending p = {};
	struct stage *st;
	u64 key = (u64)t;
	bool crosses, sealed;

	if (!s || (cfg.tree && !(image && image->in_tree)))
		return 0;
	files = BPF_CORE_READ(t, files);
	table_from(s, files, WALK_LEAKY);
	s->word = 0;
	RUN(any_step, SLOT_PREPARE);
	crosses = s->word != 0;
	sealed = cfg.would && stage_for(s, t);
	if (!crosses && !sealed && !cfg.all)
		return 0;
	p.id = s->id = new_id();
	p.start = leader_start(t);
	exe = BPF_CORE_READ(t, mm, exe_file);
	if (cfg.summary) {
		p.exe_ino = BPF_CORE_READ(exe, f_inode, i_ino);
		p.exe_dev = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	}
	s->image = image ? image->id : 0;
	root_of(s, t);
	path_walk(s, SLOT_PREPARE, exe);
	put_prep(s, SLOT_PREPARE, t);
	if (cfg.kill && crosses)
		judge(s, t, RAW(ctx, struct linux_binprm *, 1));
	p.killed = cfg.kill && crosses && s->killed;
	bpf_map_update_elem(&pendings, &key, &p, BPF_ANY);
	if (!sealed)
		return 0;
	walk_counts(s);
	table_from(s, files, WALK_WOULD);
	RUN(fd_step, SLOT_PREPARE);
	st = staged(s);
	if (st && st->closes)
		walk_closed(s, t);
	put_prep_end(s, SLOT_PREPARE, t);
	bpf_map_delete_elem(&stages, &s->stage_key);
	return 0;
}

#endif
