/*
 * path.bpf.h: paths, as d_path() would give them, one component a step.
 */
#ifndef FDT_PATH_H
#define FDT_PATH_H

#include "bpf/ring.bpf.h"

static __always_inline void path_from(struct scratch *s, struct vfsmount *mnt, u64 dentry)
{
	no_text(s);
	s->dentry = dentry;
	s->mount = (u64)mnt - bpf_core_field_offset(struct mount, mnt);
	s->mnt_root = (u64)BPF_CORE_READ(mnt, mnt_root);
}

static __always_inline void root_of(struct scratch *s, struct task_struct *t)
{
	s->root_dentry = (u64)BPF_CORE_READ(t, fs, root.dentry);
	s->root_mount =
		(u64)BPF_CORE_READ(t, fs, root.mnt) - bpf_core_field_offset(struct mount, mnt);
	s->uid = BPF_CORE_READ(t, cred, euid.val);
}

/* Prepend len bytes and a slash.  Returns 0, or 1 if there is no room. */
static __always_inline int prepend(struct scratch *s, const void *name, u32 len, bool slash)
{
	u32 off = s->off;

	if (len > 255)
		len = 255;
	if (off < TEXT_END - FDT_PATH_MAX + len + 1) {
		s->flags |= FDT_CUT;
		return 1;
	}
	off -= len;
	barrier_var(len);
	len &= 255;
	barrier_var(off);
	off &= OFF_MASK;
	probe(&s->buf[off], len, name);
	if (s->off == TEXT_END)
		s->base = off;
	if (slash) {
		off = (off - 1) & OFF_MASK;
		s->buf[off] = '/';
	}
	s->off = off;
	return 0;
}

/* May a directory be passed?  What groups and lists of access say is not known here. */
static __always_inline void pass(struct scratch *s, struct dentry *directory)
{
	struct inode *i = BPF_CORE_READ(directory, d_inode);
	u32 mode = BPF_CORE_READ(i, i_mode), owner = mode >> 6 & 1, group = mode >> 3 & 1;
	u64 differs = BPF_CORE_READ(i, i_uid.val) ^ s->uid;
	u32 other = (differs | -differs) >> 63, closed = other & ~mode;

	/* No branches: the verifier would follow each of them through the rest of the way. */
	s->flags |= (((other | owner) ^ 1) | (closed & ~group)) * FDT_BARRED |
		    (closed & group) * FDT_DOUBT;
}

/* One component, or one mount.  As __prepend_path() in fs/d_path.c. */
__noinline int path_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct dentry *d, *parent;
	struct mount *m, *up;

	if (!s)
		return 1;
	if (s->dentry == s->root_dentry && s->mount == s->root_mount) {
		s->flags |= FDT_ROOTED;
		return 1;
	}
	if (s->dentry == s->mnt_root) {
		m = (void *)s->mount;
		up = BPF_CORE_READ(m, mnt_parent);
		if (up == m || !up) {
			s->flags |= FDT_OUTSIDE;
			return 1;
		}
		s->dentry = (u64)BPF_CORE_READ(m, mnt_mountpoint);
		s->mount = (u64)up;
		s->mnt_root = (u64)BPF_CORE_READ(up, mnt.mnt_root);
		return 0;
	}
	d = (void *)s->dentry;
	parent = BPF_CORE_READ(d, d_parent);
	if (parent == d || !parent)
		return 1;
	if (prepend(s, BPF_CORE_READ(d, d_name.name), BPF_CORE_READ(d, d_name.len), true))
		return 1;
	if (!(BPF_CORE_READ(parent, d_inode, i_mode) & 1))
		s->flags |= FDT_SHUT;
	s->dentry = (u64)parent;
	pass(s, parent);
	return 0;
}
STEP_CB(path_step)

/* A file that has a path gets its walk set up; of others the bare name is there at once. */
static __always_inline bool path_of(struct scratch *s, struct file *f)
{
	struct dentry *d = BPF_CORE_READ(f, f_path.dentry);

	path_from(s, BPF_CORE_READ(f, f_path.mnt), (u64)d);
	if (BPF_CORE_READ(d, d_parent) == d && s->dentry != s->mnt_root) {
		s->flags = FDT_PSEUDO;
		prepend(s, BPF_CORE_READ(d, d_name.name), BPF_CORE_READ(d, d_name.len), false);
		return false;
	}
	if (!BPF_CORE_READ(d, d_hash.pprev) && BPF_CORE_READ(d, d_parent) != d)
		s->flags = FDT_DELETED;
	return true;
}

static __always_inline void path_end(struct scratch *s)
{
	if (s->off == TEXT_END) { /* the root itself */
		s->off = TEXT_END - 1;
		s->buf[(TEXT_END - 1) & OFF_MASK] = '/';
	}
}

__noinline int path_file(u32 slot)
{
	struct scratch *s = scratch(slot);

	if (!s)
		return 0;
	if (!s->file) {
		no_text(s);
		return 0;
	}
	if (path_of(s, (void *)s->file)) {
		RUN(path_step, slot);
		path_end(s);
	}
	return 0;
}

static __always_inline void path_walk(struct scratch *s, u32 slot, struct file *f)
{
	s->file = (u64)f;
	path_file(slot);
}

#endif
