/*
 * snap.bpf.h: --snapshot: a walk over every descriptor of every live process,
 * run by read(2) on an iterator, in the context of the reader.  Loaded only for
 * --snapshot: it is the one program that asks for more than raw tracepoints.
 *
 * A process is told as if it had just started: BEGIN, FD ..., END, with its
 * number as the id.
 */
#ifndef FDT_SNAP_H
#define FDT_SNAP_H

#include "bpf/task.bpf.h"
#include "bpf/walk.bpf.h"

struct bpf_iter_meta {
	struct seq_file *seq;
	u64 session_id, seq_num;
} __attribute__((preserve_access_index));

struct bpf_iter__task_file {
	struct bpf_iter_meta *meta;
	struct task_struct *task;
	u32 fd;
	struct file *file;
} __attribute__((preserve_access_index));

/*
 * The process that is being told; 0: none.  (One reader at a time: each tracer has programs of its
 * own.)  Where the buffer of a read(2) is full, the kernel takes back all that this call has written
 * and calls again for the same descriptor: then the process has to be what it was before.
 */
uint64_t snap_task;

static __always_inline long snap_end(struct scratch *s, struct seq_file *seq)
{
	struct fdt_end e = {};

	e.head.size = sizeof(e);
	e.head.kind = FDT_END;
	e.head.id = s->id;
	e.found = e.emitted = s->found;
	return bpf_seq_write(seq, &e, sizeof(e));
}

static __always_inline long snap_put(struct scratch *s, struct seq_file *seq, u32 size)
{
	u32 off = s->off - size, len = size + TEXT_END - s->off;

	barrier_var(len);
	if (len > OUT_MAX)
		return 0;
	barrier_var(off);
	off &= OFF_MASK;
	return bpf_seq_write(seq, &s->buf[off], len);
}

static __always_inline void snap_begin(struct scratch *s, struct seq_file *seq,
				       struct task_struct *t)
{
	struct task_struct *reader = (void *)bpf_get_current_task();
	struct fdt_begin *e;

	s->id = BPF_CORE_READ(t, tgid);
	s->found = 0;
	root_of(s, reader);
	path_walk(s, SLOT_SNAP, BPF_CORE_READ(t, mm, exe_file));
	e = head(s, FDT_BEGIN, sizeof(*e));
	__builtin_memset((void *)e + sizeof(e->head), 0, sizeof(*e) - sizeof(e->head));
	e->time_ns = bpf_ktime_get_ns();
	e->tgid = e->tid = BPF_CORE_READ(t, tgid);
	e->ppid = BPF_CORE_READ(t, real_parent, tgid);
	e->ns_pid = ns_pid(e, t);
	who_is(&e->who, t);
	snap_put(s, seq, sizeof(*e));
}

SEC("iter/task_file")
int snapshot(struct bpf_iter__task_file *ctx)
{
	struct task_struct *t = ctx->task;
	struct scratch *s = scratch(SLOT_SNAP);
	struct seq_file *seq = ctx->meta->seq;
	struct file *f = ctx->file;
	struct fdt_fd *e;
	u64 before = snap_task;
	u32 fd = ctx->fd, off;

	if (!s)
		return 0;
	if (!t || !f) {
		s->id = snap_task;
		if (!snap_task || !snap_end(s, seq))
			snap_task = 0;
		return 0;
	}
	table_from(s, BPF_CORE_READ(t, files), WALK_LEAKY);
	if (fd <= 2 || is_cloexec(s, fd))
		return 0;
	if (snap_task != BPF_CORE_READ(t, tgid)) {
		if (snap_task) {
			s->id = snap_task;
			snap_end(s, seq);
		}
		snap_task = BPF_CORE_READ(t, tgid);
		snap_begin(s, seq, t);
	}
	s->id = snap_task;
	root_of(s, (void *)bpf_get_current_task());
	s->file = (u64)f;
	s->task = (u64)t;
	fd_facts(SLOT_SNAP, fd);
	s->fd.sign = 0;
	if (!fd_pathless(s, SLOT_SNAP))
		path_walk(s, SLOT_SNAP, f);
	/* From the root of who reads this, which need not be the task's. */
	s->flags = (s->flags & ~(FDT_ROOTED | FDT_OUTSIDE | FDT_BARRED)) | FDT_DOUBT;
	off = s->off - sizeof(*e);
	barrier_var(off);
	off &= OFF_MASK;
	e = (struct fdt_fd *)&s->buf[off];
	*e = s->fd;
	e->group = 0;
	head(s, FDT_FD, sizeof(*e));
	/* The last: once the buffer is full, nothing more fits into it. */
	if (snap_put(s, seq, sizeof(*e)))
		snap_task = before;
	return 0;
}

#endif
