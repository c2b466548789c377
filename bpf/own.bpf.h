/*
 * own.bpf.h: what decides how bad it is that the new image holds a descriptor, beside who may open
 * it: whether it has the same anyway, seals, locks.  Few branches: the verifier follows each.
 */
#ifndef FDT_OWN_H
#define FDT_OWN_H

#include "bpf/table.bpf.h"

#define MAX_LOCKS 256 /* of one file that are looked at */

/* What each of 0, 1 and 2 is, once a walk. */
__noinline int std_look(u32 slot)
{
	struct scratch *s = scratch(slot);
	u64 cloexec, files[3] = {};

	if (!s)
		return 0;
	cloexec = word_at(s->cloexec, 0);
	probe(files, sizeof(files), s->array);
	for (u32 n = 0; n < 3; n++) {
		struct file *f = (void *)(files[n] & (cloexec >> n & 1) - 1);
		u32 flags = BPF_CORE_READ(f, f_flags);

		s->std[n].inode = (u64)BPF_CORE_READ(f, f_inode);
		s->std[n].bits = FDT_STD_SAME | flags & O_ACCMODE |
				 (flags & O_PATH) / (O_PATH / FDT_STD_PATH);
	}
	s->std_looked = 1;
	return 0;
}

/* At close_range they may not be yet what they will be, and another table has its own. */
static __always_inline u32 std_same(struct scratch *s, u32 slot, u64 inode)
{
	u32 bits = 0;

	if (s->mode == WALK_STAGE || s->mode == WALK_CLOSED)
		return 0;
	if (!s->std_looked)
		std_look(slot);
	for (u32 n = 0; n < 3; n++) {
		u64 differs = s->std[n].inode ^ inode;

		bits |= ((differs | -differs) >> 63 ^ 1) * s->std[n].bits << FDT_STD_SHIFT(n);
	}
	return bits;
}

/* Of a device that is no terminal it means nothing, and nobody asks (fdf_is_terminal()). */
static __always_inline u32 own_tty(struct scratch *s, u32 slot, struct file *f)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct tty_file_private *of;
	u64 tty;

	if ((s->fd.mode & S_IFMT) != S_IFCHR)
		return 0;
	if (slot == SLOT_SNAP)
		t = (void *)s->task;
	of = BPF_CORE_READ(f, private_data);
	tty = (u64)BPF_CORE_READ(of, tty);
	return tty && tty == (u64)BPF_CORE_READ(t, signal, tty) ? FDT_OWN_TTY : 0;
}

static __always_inline u32 seals_of(struct scratch *s, struct inode *i)
{
	struct hugetlbfs_inode_info *huge;
	struct shmem_inode_info *shmem;

	if (s->fd.magic == FDT_TMPFS) {
		shmem = (void *)((u64)i - bpf_core_field_offset(*shmem, vfs_inode));
		return BPF_CORE_READ(shmem, seals);
	}
	if (s->fd.magic == FDT_HUGETLBFS && bpf_core_type_exists(struct hugetlbfs_inode_info)) {
		huge = (void *)((u64)i - bpf_core_field_offset(*huge, vfs_inode));
		return BPF_CORE_READ(huge, seals);
	}
	return FDT_NO_SEALS;
}

/* One lock, or the end of a list; as /proc/PID/fdinfo tells them. */
__noinline int lock_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	u64 owner, file, next;
	struct list_head *at;

	if (!s || !s->lock || !s->locks_left)
		return 1;
	s->locks_left--;
	at = (void *)s->lock;
	next = (u64)BPF_CORE_READ(at, next);
	if (next == s->lock_list) {
		s->lock = s->lock_list = s->lock_lists[s->lock_next++ & 3];
		if (!s->lock)
			s->fd.facts |= FDT_UNLOCKED;
		return 0;
	}
	if (bpf_core_type_exists(struct file_lock_core)) {
		struct file_lock_core *l = (void *)(next - bpf_core_field_offset(*l, flc_list));

		owner = (u64)BPF_CORE_READ(l, flc_owner);
		file = (u64)BPF_CORE_READ(l, flc_file);
	} else {
		struct file_lock___68 *l = (void *)(next - bpf_core_field_offset(*l, fl_list));

		owner = (u64)BPF_CORE_READ(l, fl_owner);
		file = (u64)BPF_CORE_READ(l, fl_file);
	}
	s->lock = next;
	if (file != s->file || (owner != s->file && owner != s->files))
		return 0;
	s->fd.facts |= FDT_LOCKED;
	return 1;
}
STEP_CB(lock_step)

/* Into s->fd.facts. */
static __always_inline void look_at_locks(struct scratch *s, u32 slot, struct inode *i)
{
	struct file_lock_context *c = BPF_CORE_READ(i, i_flctx);

	if (!c) {
		s->fd.facts |= FDT_UNLOCKED;
		return;
	}
	s->lock = s->lock_list = (u64)c + bpf_core_field_offset(*c, flc_flock);
	s->lock_lists[0] = (u64)c + bpf_core_field_offset(*c, flc_posix);
	s->lock_lists[1] = (u64)c + bpf_core_field_offset(*c, flc_lease);
	s->lock_lists[2] = s->lock_next = 0;
	s->locks_left = MAX_LOCKS;
	RUN(lock_step, slot);
}

/* s->fd.facts and seals, from the rest of s->fd. */
__noinline int own_facts(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct inode *i;
	struct file *f;

	if (!s)
		return 0;
	f = (void *)s->file;
	i = BPF_CORE_READ(f, f_inode);
	s->fd.seals = seals_of(s, i);
	s->fd.facts = std_same(s, slot, (u64)i) | own_tty(s, slot, f);
	look_at_locks(s, slot, i);
	return 0;
}

#endif
