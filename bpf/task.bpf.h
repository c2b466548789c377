/*
 * task.bpf.h: a task and the image that it runs, and what one program leaves for
 * the next about it.
 */
#ifndef FDT_TASK_H
#define FDT_TASK_H

#include "bpf/scratch.bpf.h"

#define RAW(ctx, type, n) ((type)(ctx)->args[n])
struct raw_args { /* of a raw tracepoint */
	u64 args[3];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 65536);
	__type(key, u32);
	__type(value, struct fdt_image);
} images SEC(".maps");

/* From sched_prepare_exec to sched_process_exec. */
struct pending {
	u64 id, start, exe_ino;
	u32 exe_dev, killed;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, struct pending);
} pendings SEC(".maps");

/* When a thread of this image last tried to exec; the key is its bpf_get_current_pid_tgid(). */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 4096);
	__type(key, u64);
	__type(value, u64);
} tries SEC(".maps");

static __always_inline struct fdt_image *in_scope(u32 tgid)
{
	return bpf_map_lookup_elem(&images, &tgid);
}

/* Two bits of the low word of kernel_cap_t, which was two words and is one of 64 bits. */
static __always_inline u32 caps_of(struct task_struct *t)
{
	const struct cred *c = BPF_CORE_READ(t, cred);
	u32 low = 0;

	bpf_core_read(&low, sizeof(low), &c->cap_effective);
	return (low & (FDT_DAC_OVERRIDE | FDT_DAC_READ_SEARCH)) |
	       (BPF_CORE_READ(c, user_ns, level) ? FDT_USER_NS : 0);
}

static __always_inline void who_is(struct fdt_who *w, struct task_struct *t)
{
	struct file *exe = BPF_CORE_READ(t, mm, exe_file);

	w->uid = BPF_CORE_READ(t, cred, euid.val);
	w->gid = BPF_CORE_READ(t, cred, egid.val);
	w->exe_ino = BPF_CORE_READ(exe, f_inode, i_ino);
	w->exe_dev = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	w->caps = caps_of(t);
	BPF_CORE_READ_INTO(&w->comm, t, comm);
}

/* A thread that execs takes over its leader's number and start (de_thread()). */
static __always_inline u64 leader_start(struct task_struct *t)
{
	return BPF_CORE_READ(t, group_leader, start_boottime);
}

/* The process's number in its own namespace: what LISTEN_PID names. */
static __always_inline u32 ns_pid(struct fdt_begin *e, struct task_struct *t)
{
	struct pid *p = BPF_CORE_READ(t, thread_pid);
	u32 level = BPF_CORE_READ(p, level);
	struct upid *at = (void *)((u64)p + bpf_core_field_offset(struct pid, numbers) +
				   (u64)level * bpf_core_type_size(struct upid));

	e->pid_ns = BPF_CORE_READ(at, ns, ns.inum);
	return BPF_CORE_READ(at, nr);
}

#endif
