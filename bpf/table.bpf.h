/*
 * table.bpf.h: the walk over one descriptor table.  One flat loop: a step is
 * one word of the bitmap, one descriptor, or one component of its path.
 */
#ifndef FDT_TABLE_H
#define FDT_TABLE_H

#include "bpf/sock.bpf.h"

enum { SOCKFS = 0x534f434b, NSFS = 0x6e736673, S_FMT = 0170000, S_SOCK = 0140000 };

static __always_inline u64 word_at(u64 bitmap, u32 i)
{
	u64 w = 0;

	probe(&w, sizeof(w), bitmap + (u64)i * 8);
	return w;
}

static __always_inline u64 stage_word(struct scratch *s, u32 i)
{
	struct stage *st = bpf_map_lookup_elem(&stages, &s->stage_key);

	if (!st || i >= FDT_STAGE_FDS / 64)
		return 0;
	return st->bits[i & (FDT_STAGE_FDS / 64 - 1)];
}

/* The descriptors of word i that this walk is about. */
static __always_inline u64 word_of(struct scratch *s, u32 i)
{
	u64 w = word_at(s->open, i);

	if (s->mode == WALK_LEAKY || s->mode == WALK_JUDGE)
		w &= ~word_at(s->cloexec, i);
	if (s->mode == WALK_WOULD)
		w &= word_at(s->cloexec, i);
	if (s->mode == WALK_CLOSED) {
		w &= ~word_at(s->cloexec, i);
		if (i < s->own_words)
			w &= ~word_at(s->own_open, i);
	}
	if (w && s->mode != WALK_OPEN && s->mode != WALK_LEAKY && s->mode != WALK_JUDGE)
		w &= stage_word(s, i);
	return i ? w : w & ~7ull;
}

static __always_inline void table_from(struct scratch *s, struct files_struct *files, u32 mode)
{
	struct fdtable *t = BPF_CORE_READ(files, fdt);

	s->mode = mode;
	s->array = (u64)BPF_CORE_READ(t, fd);
	s->open = (u64)BPF_CORE_READ(t, open_fds);
	s->cloexec = (u64)BPF_CORE_READ(t, close_on_exec);
	s->words = BPF_CORE_READ(t, max_fds) / 64;
	s->word = s->word_index = s->in_path = 0;
}

static __always_inline u32 lowest(u64 w)
{
	u32 n = 0;

	if (!(w & 0xffffffff))
		n += 32, w >>= 32;
	if (!(w & 0xffff))
		n += 16, w >>= 16;
	if (!(w & 0xff))
		n += 8, w >>= 8;
	if (!(w & 0xf))
		n += 4, w >>= 4;
	if (!(w & 3))
		n += 2, w >>= 2;
	return n + !(w & 1);
}

/* Skip empty words; 1: word holds something, or there is none left. */
__noinline int any_step(u32 slot)
{
	struct scratch *s = scratch(slot);

	if (!s || s->word_index >= s->words)
		return 1;
	s->word = word_of(s, s->word_index);
	s->word_index++;
	return s->word != 0;
}
STEP_CB(any_step)

/* Was this open file on this number given to the image that now execs?  The next one has it too. */
static __always_inline bool given(struct scratch *s, u32 fd)
{
	struct given_key old = { s->image, fd, 0 }, new = { s->id, fd, 0 };
	struct given now = { s->file, s->fd.ino }, *was = NULL;

	if (s->image)
		was = bpf_map_lookup_elem(&givens, &old);
	bpf_map_update_elem(&givens, &new, &now, BPF_ANY);
	return was && (!was->file || (was->file == now.file && was->ino == now.ino));
}

/* Close-on-exec cleared here or by the parent before the fork; placed by this very process. */
static __always_inline u32 acted(struct scratch *s, u32 fd)
{
	struct act_key key = { s->tgid, fd };
	struct act *a;
	u32 sign = 0;

	if (!cfg.acts)
		return 0;
	a = bpf_map_lookup_elem(&acts, &key);
	if (a && a->file == s->file)
		sign = a->sign;
	key.tgid = s->ppid;
	a = bpf_map_lookup_elem(&acts, &key);
	if (a && a->file == s->file)
		sign |= a->sign & FDT_ACT;
	return sign;
}

int group_find(u32 slot, u32 counting);
int rules_judge(u32 phase);

static __always_inline void fd_put(struct scratch *s, u32 slot)
{
	u32 off = s->off - sizeof(struct fdt_fd);
	struct fdt_fd *e;

	if (cfg.kill && s->mode == WALK_JUDGE) {
		rules_judge(2); /* GLOB_PATH */
		return;
	}
	s->fd.group = 0;
	if (cfg.summary && s->mode == WALK_OPEN)
		group_find(SLOT_EXEC, false);
	barrier_var(off);
	off &= OFF_MASK;
	e = (struct fdt_fd *)&s->buf[off];
	*e = s->fd;
	head(s, FDT_FD, sizeof(*e));
	if (put(slot, sizeof(*e), false))
		s->dropped++;
	else
		s->emitted++;
}

__noinline int fd_facts(u32 slot, u32 fd)
{
	struct scratch *s = scratch(slot);
	struct inode *i;
	struct file *f;
	u32 sign = 0;

	if (!s)
		return 0;
	f = (void *)s->file;
	i = BPF_CORE_READ(f, f_inode);
	s->fd.fd = fd;
	s->fd.status = BPF_CORE_READ(f, f_flags);
	s->fd.fmode = BPF_CORE_READ(f, f_mode);
	s->fd.mode = BPF_CORE_READ(i, i_mode);
	s->fd.rdev = BPF_CORE_READ(i, i_rdev);
	s->fd.ino = BPF_CORE_READ(i, i_ino);
	s->fd.dev = BPF_CORE_READ(i, i_sb, s_dev);
	s->fd.magic = BPF_CORE_READ(i, i_sb, s_magic);
	if (s->mode == WALK_OPEN) {
		sign = given(s, fd) ? FDT_GIVEN : 0;
		sign |= acted(s, fd);
	} else {
		sign = FDT_WOULD | (s->mode == WALK_CLOSED ? FDT_STAGED_CLOSE : 0);
	}
	if (word_at(s->cloexec, fd / 64) >> (fd & 63) & 1)
		sign |= FDT_CLOEXEC;
	s->fd.sign = sign;
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

static __always_inline void fd_look(struct scratch *s, u32 slot, u32 fd)
{
	s->file = word_at(s->array, fd);
	if (!s->file)
		return;
	s->found++;
	if (s->emitted + s->dropped >= cfg.max_fds) {
		s->capped++;
		return;
	}
	fd_facts(slot, fd);
	if (s->fd.magic == SOCKFS && (s->fd.mode & S_FMT) == S_SOCK)
		sock_fill(slot);
	else if (s->fd.magic == NSFS && (s->fd.mode & S_FMT) == 0100000)
		ns_name(s);
	else if (path_of(s, (void *)s->file)) {
		s->in_path = 1;
		return;
	}
	fd_put(s, slot);
}

__noinline int fd_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	u64 w;

	if (!s)
		return 1;
	if (s->in_path) {
		if (path_step(slot)) {
			path_end(s);
			s->in_path = 0;
			fd_put(s, slot);
		}
		return 0;
	}
	if (!s->word)
		return s->word_index >= s->words ? 1 : (any_step(slot), 0);
	w = s->word;
	s->word = w & (w - 1);
	fd_look(s, slot, (s->word_index - 1) * 64 + lowest(w));
	return 0;
}
STEP_CB(fd_step)

static __always_inline void walk_counts(struct scratch *s)
{
	s->found = s->emitted = s->dropped = s->capped = 0;
}

#endif
