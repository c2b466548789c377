/*
 * fd.bpf.h: the facts of one descriptor, and what it was to the image that has it.
 */
#ifndef FDT_FD_H
#define FDT_FD_H

#include "bpf/own.bpf.h"
#include "bpf/path.bpf.h"
#include "bpf/sock.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct fdt_given_key);
	__type(value, struct fdt_given);
} givens SEC(".maps");

struct act_key {
	u32 tgid, fd;
};
struct act {
	u64 file;
	u32 sign;
	u32 marker;  /* thread that set close-on-exec; 0: not set, or set and put back */
	u64 mark_ns; /* and when */
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct act_key);
	__type(value, struct act);
} acts SEC(".maps");

/* Was this open file on this number given to the image that now execs?  The next one has it too. */
static __always_inline bool given(struct scratch *s, u32 fd)
{
	struct fdt_given_key old = { s->image, fd, 0 }, new = { s->id, fd, 0 };
	struct fdt_given now = { s->file, s->fd.ino }, *was = NULL;

	if (s->image)
		was = bpf_map_lookup_elem(&givens, &old);
	bpf_map_update_elem(&givens, &new, &now, BPF_ANY);
	return was && (!was->file || (was->file == now.file && was->ino == now.ino));
}

/* Meant by this very process, or by one that it was forked from (past.bpf.h). */
static __always_inline u32 acted(struct scratch *s, u32 fd)
{
	struct act_key key = { s->tgid, fd };
	struct act *a = cfg.acts ? bpf_map_lookup_elem(&acts, &key) : NULL;

	return a && a->file == s->file ? a->sign : 0;
}

__noinline int fd_facts(u32 slot, u32 fd)
{
	struct scratch *s = scratch(slot);
	struct inode *i;
	struct file *f;

	if (!s)
		return 0;
	f = (void *)s->file;
	i = BPF_CORE_READ(f, f_inode);
	s->fd.fd = fd;
	s->fd.status = BPF_CORE_READ(f, f_flags);
	s->fd.mode = BPF_CORE_READ(i, i_mode);
	s->fd.ino = BPF_CORE_READ(i, i_ino);
	s->fd.dev = BPF_CORE_READ(i, i_sb, s_dev);
	s->fd.magic = BPF_CORE_READ(i, i_sb, s_magic);
	s->fd.rdev = BPF_CORE_READ(i, i_rdev);
	s->fd.uid = BPF_CORE_READ(i, i_uid.val);
	s->fd.gid = BPF_CORE_READ(i, i_gid.val);
	own_facts(slot);
	if (s->mode == WALK_OPEN)
		s->fd.sign = (given(s, fd) ? FDT_GIVEN : 0) | acted(s, fd);
	else
		s->fd.sign = FDT_WOULD;
	return 0;
}

static __always_inline void ns_name(struct scratch *s)
{
	struct file *f = (void *)s->file;
	struct ns_common *ns = BPF_CORE_READ(f, f_inode, i_private);
	u8 name[16] = {};
	long n = bpf_probe_read_kernel_str(name, sizeof(name), BPF_CORE_READ(ns, ops, name));

	no_text(s);
	s->flags = FDT_PSEUDO;
	if (n > 1)
		prepend(s, name, n - 1, false);
}

/* The text of those that have no path.  False: another one. */
static __always_inline bool fd_pathless(struct scratch *s, u32 slot)
{
	if (s->fd.magic == FDT_SOCKFS && (s->fd.mode & S_IFMT) == S_IFSOCK)
		sock_fill(slot);
	else if (s->fd.magic == FDT_NSFS && (s->fd.mode & S_IFMT) == S_IFREG)
		ns_name(s);
	else
		return false;
	return true;
}

#endif
