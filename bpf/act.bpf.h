/*
 * act.bpf.h: what a process did to its numbers since its image started, and what
 * the processes did that it was forked from: which ones it means (close-on-exec
 * cleared, dup2), and which are the ends of a pair.  Only with cfg.acts.
 *
 * A number has one place, of so many; where two meet the older one is lost, and
 * the exec that follows says that it may lack a sign.
 */
#ifndef FDT_ACT_H
#define FDT_ACT_H

#include "bpf/fd.bpf.h"
#include "bpf/task.bpf.h"

#define PAST_ACTS 64 /* places; powers of two */
#define PAST_ENDS 64
#define END_FDS	  1024 /* FDF_PAIR_FDS of the shim */

struct past_act {
	u32 fd; /* 0: none */
	u32 sign;
	u64 file;
};
struct past_end {     /* of a pair */
	u16 fd, peer; /* 0: none */
	u16 cloexec;  /* made with it */
	u16 unused;
	u32 made;   /* forks, when it was made */
	u32 closed; /* forks, when this process, a child of the maker, closed the other end */
	u64 ino, peer_ino;
};
struct past {
	u32 forks, base;      /* as in struct fdf_pairs, from 0 on */
	u32 vforked;	      /* runs in its parent's memory */
	u32 unsure;	      /* enum fdt_unsure */
	u32 new_a, new_b;     /* a pair that the call that was seen last makes; 0, 0: none */
	u32 new_cloexec, any; /* any: there was a pair */
	struct past_act act[PAST_ACTS];
	struct past_end end[PAST_ENDS];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4096);
	__type(key, u32);
	__type(value, struct past);
} pasts SEC(".maps");

static const struct past no_past;

static __always_inline struct past *past_of(u32 tgid)
{
	return bpf_map_lookup_elem(&pasts, &tgid);
}

/* There is no room for the past of a process: what it leaks it may have meant. */
static __always_inline void past_is_lost(u32 tgid)
{
	struct fdt_image *image = in_scope(tgid);

	count(untracked, 1);
	if (image)
		image->unsure = FDT_UNSURE_ACTS | FDT_UNSURE_PAIRS;
}

/* The same, and it is there from now on; NULL: there is no room. */
static __always_inline struct past *past_for(u32 tgid)
{
	struct past *p = past_of(tgid);

	if (p)
		return p;
	if (bpf_map_update_elem(&pasts, &tgid, &no_past, BPF_NOEXIST))
		past_is_lost(tgid);
	return past_of(tgid);
}

static __always_inline void past_forget(u32 tgid)
{
	if (cfg.acts)
		bpf_map_delete_elem(&pasts, &tgid);
}

/*
 * What stands behind a number of the current task; 0: nothing.  Functions of their own, as those
 * below: the verifier looks at each once, and not on each way to it.
 */
__noinline u64 file_at(u32 fd)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(t, files, fdt);

	return fd < BPF_CORE_READ(table, max_fds) ? word_at((u64)BPF_CORE_READ(table, fd), fd) : 0;
}

__noinline u64 inode_at(u32 fd)
{
	struct file *f = (void *)file_at(fd);

	return f ? (u64)BPF_CORE_READ(f, f_inode) : 0;
}

__noinline u64 ino_at(u32 fd)
{
	struct inode *i = (void *)inode_at(fd);

	return i ? BPF_CORE_READ(i, i_ino) : 0;
}

__noinline int is_marked(u32 fd)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct fdtable *table = BPF_CORE_READ(t, files, fdt);

	return word_at((u64)BPF_CORE_READ(table, close_on_exec), fd / 64) >> (fd & 63) & 1;
}

static __always_inline bool borrows(struct task_struct *t)
{
	return BPF_CORE_READ(t, mm) == BPF_CORE_READ(t, real_parent, mm);
}

static __always_inline void past_act(u32 tgid, u32 fd, u64 file, u32 sign)
{
	struct past *p = past_for(tgid);
	struct past_act *a;

	if (!p)
		return;
	a = &p->act[fd & PAST_ACTS - 1];
	if (a->fd && a->fd != fd)
		p->unsure |= FDT_UNSURE_ACTS;
	a->fd = fd;
	a->sign = sign;
	a->file = file;
}

__noinline int note(u32 fd, u64 file, u32 sign)
{
	struct act_key key = { bpf_get_current_pid_tgid() >> 32, fd };
	struct act a = { file, sign };

	if (!file || fd <= 2)
		return 0;
	bpf_map_update_elem(&acts, &key, &a, BPF_ANY);
	past_act(key.tgid, fd, file, sign);
	return 0;
}

/* Add sign to what is known of this number, or take it away. */
__noinline int resign(u32 fd, u64 file, u32 sign, u32 has)
{
	struct act_key key = { bpf_get_current_pid_tgid() >> 32, fd };
	struct act *old = bpf_map_lookup_elem(&acts, &key), a = { file };

	if (old && old->file == file)
		a = *old;
	a.sign = has ? a.sign | sign : a.sign & ~sign;
	if (a.sign || old)
		bpf_map_update_elem(&acts, &key, &a, BPF_ANY);
	return 0;
}

#endif
