/*
 * group.bpf.h: --summary: execs counted in the kernel by (from, into, target).
 * Only an exec that belongs to a group not seen before is told; so a busy
 * machine costs the ring next to nothing.
 *
 * What has no name that lasts is one target for each kind: pipes, connected
 * sockets by family and type, listeners by port, anonymous files by name.
 */
#ifndef FDT_GROUP_H
#define FDT_GROUP_H

#include "bpf/fd.bpf.h"
#include "bpf/task.bpf.h"

struct group_key {
	u64 from_ino, into_ino, target, target2;
	u32 from_dev, into_dev, dev, sign;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct group_key);
	__type(value, struct fdt_group);
} groups SEC(".maps");

static __always_inline u64 text8(const void *name)
{
	u64 v = 0;

	bpf_probe_read_kernel_str(&v, sizeof(v), name);
	return v;
}

static __always_inline u64 socket_kind(struct file *f)
{
	struct socket *so = BPF_CORE_READ(f, private_data);
	struct sock *sk = BPF_CORE_READ(so, sk);
	u64 kind = BPF_CORE_READ(sk, __sk_common.skc_family) | BPF_CORE_READ(sk, sk_type) << 16;

	if (BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_LISTEN)
		kind |= 1ull << 32 | (u64)BPF_CORE_READ(sk, __sk_common.skc_num) << 40;
	return kind;
}

static __always_inline void group_target(struct scratch *s, struct group_key *k)
{
	struct file *f = (void *)s->file;
	struct dentry *d = BPF_CORE_READ(f, f_path.dentry);
	bool pseudo =
		BPF_CORE_READ(d, d_parent) == d && d != BPF_CORE_READ(f, f_path.mnt, mnt_root);

	k->dev = s->fd.dev;
	if (s->fd.magic == FDT_SOCKFS)
		k->target = socket_kind(f);
	else if (pseudo)
		k->target = text8(BPF_CORE_READ(d, d_name.name));
	else
		k->target = s->fd.ino;
	k->target2 = s->fd.mode & S_IFMT;
}

/* The group of the descriptor that fd_facts() has just looked at; counting: add to it. */
__noinline int group_find(u32 slot, u32 counting)
{
	struct scratch *s = scratch(slot);
	struct group_key k = {};
	struct fdt_group *g, new = {};

	if (!s)
		return 0;
	k.from_ino = s->from_ino;
	k.into_ino = s->into_ino;
	k.from_dev = s->from_dev;
	k.into_dev = s->into_dev;
	k.sign = s->fd.sign;
	group_target(s, &k);
	g = bpf_map_lookup_elem(&groups, &k);
	if (!g && counting) {
		s->fresh = 1;
		new.id = new_id();
		if (bpf_map_update_elem(&groups, &k, &new, BPF_NOEXIST))
			count(ungrouped, 1);
		g = bpf_map_lookup_elem(&groups, &k);
	}
	s->fd.group = g ? g->id : 0;
	if (g && counting)
		__sync_fetch_and_add(&g->count, 1);
	return 0;
}

__noinline int group_step(u32 slot)
{
	struct scratch *s = scratch(slot);

	if (!s)
		return 1;
	if (!s->word)
		return s->word_index >= s->words ? 1 : (any_step(slot), 0);
	s->fd.fd = next_fd(s);
	s->file = word_at(s->array, s->fd.fd);
	if (!s->file)
		return 0;
	fd_facts(slot, s->fd.fd);
	group_find(slot, true);
	return 0;
}
STEP_CB(group_step)

/* A script is told apart by its name (the first 127 bytes), not by its interpreter. */
static __always_inline u64 name_hash(struct scratch *s, const char *name)
{
	u64 h = 0xcbf29ce484222325ull, *words = (u64 *)s->buf;
	u32 i;

	__builtin_memset(s->buf, 0, 128);
	bpf_probe_read_kernel_str(s->buf, 128, name);
	for (i = 0; i < 16; i++)
		h = (h ^ words[i]) * 0x100000001b3ull;
	return h;
}

/* Count all descriptors of this exec.  True: one of them is new, so that it has to be told. */
static __always_inline bool grouped(struct scratch *s, struct task_struct *t,
				    struct linux_binprm *bprm)
{
	struct file *exe = BPF_CORE_READ(t, mm, exe_file);
	const char *name = BPF_CORE_READ(bprm, filename);

	s->into_ino = BPF_CORE_READ(exe, f_inode, i_ino);
	s->into_dev = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	if (name != BPF_CORE_READ(bprm, interp))
		s->into_ino ^= name_hash(s, name);
	s->fresh = 0;
	s->tgid = BPF_CORE_READ(t, tgid);
	s->ppid = BPF_CORE_READ(t, real_parent, tgid);
	table_from(s, BPF_CORE_READ(t, files), WALK_OPEN);
	RUN(group_step, SLOT_EXEC);
	return s->fresh;
}

#endif
