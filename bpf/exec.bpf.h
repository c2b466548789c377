/*
 * exec.bpf.h: after the exec, and the table of images.
 */
#ifndef FDT_EXEC_H
#define FDT_EXEC_H

#include "bpf/past.bpf.h"
#include "bpf/walk.bpf.h"

__noinline int text_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct fdt_head *h;
	u32 n, off;

	if (!s || !s->left)
		return 1;
	n = s->left < FDT_TEXT_MAX ? s->left : FDT_TEXT_MAX;
	s->off = off = TEXT_END - n;
	s->flags = 0;
	barrier_var(n);
	n = (n - 1 & FDT_TEXT_MAX - 1) + 1;
	barrier_var(off);
	off &= OFF_MASK;
	if (bpf_probe_read_user(&s->buf[off], n, (void *)s->addr)) {
		no_text(s);
		s->flags = FDT_FAULT;
		s->left = n;
	}
	h = head(s, s->text_kind, sizeof(*h));
	h->index = s->index++;
	if (put(slot, sizeof(*h), false))
		s->text_dropped++;
	s->addr += n;
	s->left -= n;
	return 0;
}
STEP_CB(text_step)

static __always_inline u32 put_text(struct scratch *s, u32 kind, u64 from, u64 to, u32 max)
{
	u64 len = to > from ? to - from : 0;

	s->text_kind = kind;
	s->addr = from;
	s->left = len < max ? len : max;
	s->index = 0;
	RUN(text_step, SLOT_EXEC);
	return len > 0xffffffff ? 0xffffffff : len;
}

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, u8);
} cgroups SEC(".maps");

__noinline int cgroup_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct kernfs_node *kn, *up;
	const char *name;
	u8 text[128];
	long n;

	if (!s)
		return 1;
	kn = (void *)s->dentry;
	if (bpf_core_field_exists(kn->parent))
		up = BPF_CORE_READ(kn, parent);
	else
		up = BPF_CORE_READ((struct kernfs_node___615 *)kn, __parent);
	if (!up)
		return 1;
	name = BPF_CORE_READ(kn, name);
	n = bpf_probe_read_kernel_str(text, sizeof(text), name);
	if (n < 1 || prepend(s, name, n - 1, true))
		return 1;
	s->dentry = (u64)up;
	return 0;
}
STEP_CB(cgroup_step)

/* The path of a cgroup is told once, and its id with each exec. */
static __always_inline u64 put_cgroup(struct scratch *s, struct task_struct *t)
{
	struct kernfs_node *kn = BPF_CORE_READ(t, cgroups, dfl_cgrp, kn);
	u64 id = BPF_CORE_READ(kn, id), exec = s->id;
	u8 one = 1;

	if (bpf_map_lookup_elem(&cgroups, &id))
		return id;
	no_text(s);
	s->dentry = (u64)kn;
	RUN(cgroup_step, SLOT_EXEC);
	path_end(s);
	s->id = id;
	head(s, FDT_CGROUP, sizeof(struct fdt_head));
	if (!put(SLOT_EXEC, sizeof(struct fdt_head), true))
		bpf_map_update_elem(&cgroups, &id, &one, BPF_ANY);
	s->id = exec;
	return id;
}

static __always_inline void put_begin(struct scratch *s, struct task_struct *t, u32 caller,
				      u64 cgroup, struct linux_binprm *bprm)
{
	struct mm_struct *mm = BPF_CORE_READ(t, mm);
	struct fdt_begin *e = head(s, FDT_BEGIN, sizeof(*e));
	struct fdt_image *image; /* the old one still */

	e->time_ns = bpf_ktime_get_ns();
	e->image = s->image;
	e->child = e->unsure = 0;
	e->called[0] = 0;
	e->opened = 0;
	if (bpf_core_field_exists(bprm->execfd) && BPF_CORE_READ_BITFIELD_PROBED(bprm, have_execfd))
		e->opened = BPF_CORE_READ(bprm, execfd);
	e->cgroup = cgroup;
	e->tgid = BPF_CORE_READ(t, tgid);
	e->tid = caller;
	e->ppid = BPF_CORE_READ(t, real_parent, tgid);
	e->ns_pid = ns_pid(e, t);
	e->mnt_ns = BPF_CORE_READ(t, nsproxy, mnt_ns, ns.inum);
	e->args_len = BPF_CORE_READ(mm, arg_end) - BPF_CORE_READ(mm, arg_start);
	e->env_len = BPF_CORE_READ(mm, env_end) - BPF_CORE_READ(mm, env_start);
	who_is(&e->who, t);
	image = in_scope(e->tgid);
	if (image) {
		e->child = image->tgid != e->tgid;
		e->unsure = image->unsure;
		__builtin_memcpy(e->called, image->called, sizeof(e->called));
	}
	put(SLOT_EXEC, sizeof(*e), true);
}

/* A script: the file that was asked for is not the one that runs.  of: struct linux_binprm *. */
__noinline int put_name(u64 of)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct scratch *s = scratch(SLOT_EXEC);
	struct linux_binprm *bprm = (void *)of;
	const char *name = BPF_CORE_READ(bprm, filename);
	long n;
	u8 first = 0;

	if (!s || !name || name == BPF_CORE_READ(bprm, interp))
		return 0;
	probe(&first, 1, name);
	if (first != '/') {
		path_from(s, BPF_CORE_READ(t, fs, pwd.mnt), (u64)BPF_CORE_READ(t, fs, pwd.dentry));
		RUN(path_step, SLOT_EXEC);
		path_end(s);
		head(s, FDT_CWD, sizeof(struct fdt_head));
		put(SLOT_EXEC, sizeof(struct fdt_head), true);
	}
	/* The length first, then the text against the end of the buffer. */
	n = bpf_probe_read_kernel_str(s->buf, FDT_PATH_MAX, name);
	if (n < 1 || n > FDT_PATH_MAX)
		return 0;
	s->off = TEXT_END - (n - 1);
	s->flags = n == FDT_PATH_MAX ? FDT_CUT : 0;
	bpf_probe_read_kernel(&s->buf[s->off & OFF_MASK], n - 1 & FDT_PATH_MAX - 1, name);
	head(s, FDT_NAME, sizeof(struct fdt_head));
	put(SLOT_EXEC, sizeof(struct fdt_head), true);
	return 0;
}

static __always_inline void put_end(struct scratch *s)
{
	struct fdt_end *e;

	no_text(s);
	e = head(s, FDT_END, sizeof(*e));
	e->found = s->found;
	e->emitted = s->emitted;
	e->dropped = s->dropped;
	e->capped = s->capped;
	e->text_dropped = s->text_dropped;
	e->killed = s->killed;
	put(SLOT_EXEC, sizeof(*e), true);
	count(dropped, s->dropped);
}

static __always_inline void tell(struct scratch *s, struct task_struct *t, u32 caller,
				 struct linux_binprm *bprm)
{
	struct mm_struct *mm = BPF_CORE_READ(t, mm);
	u64 cgroup;

	cgroup = put_cgroup(s, t);
	root_of(s, t);
	path_walk(s, SLOT_EXEC, BPF_CORE_READ(mm, exe_file));
	put_begin(s, t, caller, cgroup, bprm);
	put_name((u64)bprm);
	s->text_dropped = 0;
	put_text(s, FDT_ARGS, BPF_CORE_READ(mm, arg_start), BPF_CORE_READ(mm, arg_end),
		 FDT_ARGS_MAX);
	put_text(s, FDT_ENV, BPF_CORE_READ(mm, env_start), BPF_CORE_READ(mm, env_end), FDT_ENV_MAX);
	walk_counts(s);
	s->tgid = BPF_CORE_READ(t, tgid);
	table_from(s, BPF_CORE_READ(t, files), WALK_OPEN);
	RUN(fd_step, SLOT_EXEC);
	put_end(s);
}

/* Take what sched_prepare_exec left for this exec.  False: nothing. */
static __always_inline bool prepared(struct scratch *s, struct task_struct *t)
{
	u64 key = (u64)t;
	struct pending *p = bpf_map_lookup_elem(&pendings, &key);
	bool mine = p && p->start == BPF_CORE_READ(t, start_boottime);

	s->from_ino = s->from_dev = s->killed = 0;
	if (mine) {
		s->id = p->id;
		s->from_ino = p->exe_ino;
		s->from_dev = p->exe_dev;
		s->killed = p->killed;
	}
	if (p)
		bpf_map_delete_elem(&pendings, &key);
	return mine;
}

static __always_inline void forget_tries(u32 tgid, u32 tid)
{
	u64 thread = (u64)tgid << 32 | tid;

	if (cfg.acts)
		bpf_map_delete_elem(&tries, &thread);
}

/* What the arguments of a file that is many programs in one begin with (FROM(..., MANY) in
 * conventions.def). */
static __always_inline void arguments_of(char called[FDT_CALLED], struct task_struct *t)
{
	/* As words: of a loop over bytes the verifier follows every way (67,000 instructions). */
	const union {
		char text[8];
		u64 word;
	} busybox = { "busybox" }, toybox = { "toybox" },
	  six = { { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff } };
	u64 name = 0;
	struct mm_struct *mm = BPF_CORE_READ(t, mm);
	u64 from = BPF_CORE_READ(mm, arg_start), len = BPF_CORE_READ(mm, arg_end) - from;

	probe(&name, sizeof(busybox) - 1, BPF_CORE_READ(mm, exe_file, f_path.dentry, d_name.name));
	if (name != busybox.word && (name & six.word) != toybox.word)
		return;
	if (len > FDT_CALLED - 1)
		len = FDT_CALLED - 1;
	if (bpf_probe_read_user(called, len & (FDT_CALLED - 1), (const void *)from))
		called[0] = 0;
}

/* The new image into the table.  Of its own, so that it is verified once and not on each way here. */
__noinline int becomes(u32 slot)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct scratch *s = scratch(slot);
	struct fdt_image image = {};

	if (!s)
		return 0;
	image.id = s->id;
	image.in_tree = s->in_tree;
	image.tgid = BPF_CORE_READ(t, tgid);
	arguments_of(image.called, t);
	past_forget(image.tgid);
	if (bpf_map_update_elem(&images, &image.tgid, &image, BPF_ANY))
		count(untracked, 1);
	return 0;
}

SEC("raw_tp/sched_process_exec")
int crossed(struct raw_args *ctx)
{
	struct task_struct *t = RAW(ctx, struct task_struct *, 0);
	u32 tgid = BPF_CORE_READ(t, tgid);
	struct fdt_image *image = in_scope(tgid);
	struct scratch *s = scratch(SLOT_EXEC);
	struct linux_binprm *bprm = RAW(ctx, struct linux_binprm *, 2);
	bool told, any;

	if (!s || (cfg.tree && !(image && image->in_tree)))
		return 0;
	count(execs, 1);
	forget_tries(tgid, ctx->args[1]); /* the caller's, */
	forget_tries(tgid, tgid);	  /* and those of the leader that it became */
	told = prepared(s, t);
	if (!told)
		s->id = new_id();
	table_from(s, BPF_CORE_READ(t, files), WALK_OPEN);
	RUN(any_step, SLOT_EXEC);
	any = s->word != 0;
	s->image = image ? image->id : 0;
	s->in_tree = image ? image->in_tree : 0;
	if (cfg.summary ? any && grouped(s, t, bprm) : any || told || cfg.all)
		tell(s, t, ctx->args[1], bprm);
	becomes(SLOT_EXEC);
	return 0;
}

/* A new process runs its parent's image. */
SEC("raw_tp/sched_process_fork")
int forked(struct raw_args *ctx)
{
	struct task_struct *parent = RAW(ctx, struct task_struct *, 0);
	struct task_struct *child = RAW(ctx, struct task_struct *, 1);
	u32 from = BPF_CORE_READ(parent, tgid), to = BPF_CORE_READ(child, tgid);
	struct fdt_image *image, copy;

	if (from == to)
		return 0;
	image = in_scope(from);
	if (image) {
		copy = *image;
		if (bpf_map_update_elem(&images, &to, &copy, BPF_ANY))
			count(untracked, 1);
	}
	if (cfg.acts)
		past_forks(from, to, BPF_CORE_READ(parent, mm) == BPF_CORE_READ(child, mm));
	return 0;
}

SEC("raw_tp/sched_process_exit")
int exited(struct raw_args *ctx)
{
	struct task_struct *t = RAW(ctx, struct task_struct *, 0);
	u32 tgid = BPF_CORE_READ(t, tgid);

	forget_tries(tgid, BPF_CORE_READ(t, pid));
	if (BPF_CORE_READ(t, signal, live.counter))
		return 0;
	bpf_map_delete_elem(&images, &tgid);
	past_forget(tgid);
	return 0;
}

#endif
