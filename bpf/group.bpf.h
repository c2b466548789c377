/*
 * group.bpf.h: --summary: execs counted in the kernel by (from, into, target).
 * Only an exec that belongs to a group not seen before is told; so a busy
 * machine costs the ring next to nothing.
 *
 * A group is no wider than the words for it (tools/records/what.c): what reads
 * differently is told apart.  Groups that read the same the command adds up.
 * Without what changes from exec to exec: ports that the kernel chose, pipes.
 */
#ifndef FDT_GROUP_H
#define FDT_GROUP_H

#include "bpf/fd.bpf.h"
#include "bpf/task.bpf.h"

#define O_ACCESS (O_ACCMODE | O_PATH) /* how it is open, as TYPE says it */

struct group_key {
	u64 from_ino, into_ino, target, target2;
	u64 asker; /* what of the new image decides on what it could have had by itself */
	u32 from_dev, into_dev, dev, sign;
	u32 facts, seals;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16384);
	__type(key, struct group_key);
	__type(value, struct fdt_group);
} groups SEC(".maps");

/* FNV-1a over the four bytes at s->hash_at. */
__noinline int hash_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	u32 at;

	if (!s || s->hash_at >= s->hash_end)
		return 1;
	at = s->hash_at;
	barrier_var(at);
	at &= OFF_MASK & ~3u;
	s->hash = (s->hash ^ *(u32 *)&s->buf[at]) * 0x100000001b3ull;
	s->hash_at += 4;
	return 0;
}
STEP_CB(hash_step)

/* s->hash of `bytes` bytes of s->buf from `at` on. */
__noinline int hash_buf(u32 slot, u32 at, u32 bytes)
{
	struct scratch *s = scratch(slot);

	if (!s)
		return 0;
	s->hash = 0xcbf29ce484222325ull;
	s->hash_at = at;
	s->hash_end = at + bytes;
	RUN(hash_step, slot);
	return 0;
}

/* s->hash of a text, the first 127 bytes of it. */
__noinline int hash_text(u32 slot, u64 text)
{
	struct scratch *s = scratch(slot);

	if (!s)
		return 0;
	__builtin_memset(s->buf, 0, 128);
	bpf_probe_read_kernel_str(s->buf, 128, (void *)text);
	return hash_buf(slot, 0, 128);
}

static __always_inline bool chosen(u16 port_be)
{
	u16 port = to_be16(port_be);

	return port - cfg.port_low <= cfg.port_high - cfg.port_low; /* unsigned: one comparison */
}

/* s->hash of a socket as what.c says it: without what the kernel chose, and which client it is. */
__noinline int hash_socket(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct fdt_sock *o;
	u16 *local, *peer;

	sock_fill(slot);
	if (!s)
		return 0;
	o = (struct fdt_sock *)&s->buf[TEXT_END - sizeof(*o)];
	local = (u16 *)(o->local + 2);
	peer = (u16 *)(o->peer + 2);
	if (o->family == AF_INET || o->family == AF_INET6) {
		if (chosen(*peer) && !chosen(*local))
			__builtin_memset(o->peer, 0, sizeof(o->peer));
		else if (chosen(*peer))
			*peer = 0;
		if (chosen(*local))
			*local = 0;
	} else if (o->family == AF_NETLINK) {
		*(u32 *)(o->local + 4) = 0;
	}
	return hash_buf(slot, TEXT_END - sizeof(*o), sizeof(*o));
}

static __always_inline void group_target(struct scratch *s, u32 slot, struct group_key *k)
{
	struct file *f = (void *)s->file;
	struct dentry *d = BPF_CORE_READ(f, f_path.dentry);
	bool pseudo =
		BPF_CORE_READ(d, d_parent) == d && d != BPF_CORE_READ(f, f_path.mnt, mnt_root);

	k->dev = s->fd.dev;
	k->target2 = s->fd.mode & S_IFMT | (u64)(s->fd.status & O_ACCESS) << 32;
	if (s->fd.magic == FDT_SOCKFS)
		hash_socket(slot);
	else if (pseudo && s->fd.magic != FDT_NSFS)
		hash_text(slot, (u64)BPF_CORE_READ(d, d_name.name));
	else
		s->hash = s->fd.ino;
	k->target = s->hash;
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
	k.facts = s->fd.facts;
	k.seals = s->fd.seals;
	k.asker = s->asker;
	group_target(s, slot, &k);
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

/* s->asker: the same for those who are alike: user, group, capabilities, user namespace and root. */
__noinline int asker_of(u32 slot)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	const struct cred *c = BPF_CORE_READ(t, cred);
	struct scratch *s = scratch(slot);
	u64 h = BPF_CORE_READ(c, euid.val);
	u32 caps = 0;

	bpf_core_read(&caps, sizeof(caps), &c->cap_effective);
	h = (h << 32 | BPF_CORE_READ(c, egid.val)) * 0x100000001b3ull ^ caps;
	h = h * 0x100000001b3ull ^ (u64)BPF_CORE_READ(c, user_ns);
	if (s)
		s->asker = h * 0x100000001b3ull ^ (u64)BPF_CORE_READ(t, fs, root.dentry);
	return 0;
}

/* Count all descriptors of this exec.  True: one of them is new, so that it has to be told. */
static __always_inline bool grouped(struct scratch *s, struct task_struct *t,
				    struct linux_binprm *bprm)
{
	struct file *exe = BPF_CORE_READ(t, mm, exe_file);
	const char *name = BPF_CORE_READ(bprm, filename);

	s->into_ino = BPF_CORE_READ(exe, f_inode, i_ino);
	s->into_dev = BPF_CORE_READ(exe, f_inode, i_sb, s_dev);
	/* A script is told apart by its name, not by its interpreter. */
	if (name != BPF_CORE_READ(bprm, interp)) {
		hash_text(SLOT_EXEC, (u64)name);
		s->into_ino ^= s->hash;
	}
	asker_of(SLOT_EXEC);
	s->fresh = 0;
	s->tgid = BPF_CORE_READ(t, tgid);
	table_from(s, BPF_CORE_READ(t, files), WALK_OPEN);
	RUN(group_step, SLOT_EXEC);
	return s->fresh;
}

#endif
