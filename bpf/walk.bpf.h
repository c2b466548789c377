/*
 * walk.bpf.h: the shared machinery of the programs: one scratch buffer for each
 * program and processor, the way into the ring, paths and descriptor tables.
 *
 * Every walk is a step function that is called until it says stop, its state in
 * the scratch buffer: the verifier then looks at each step once.  (With the
 * state on the stack one such program took a million instructions to verify.)
 * Linux before 5.17 has no bpf_loop; there a bounded loop calls the same steps.
 */
#ifndef FDT_WALK_H
#define FDT_WALK_H

#include "bpf/kernel.h"

#include <bpf/bpf_helpers.h>
#include <bpf/bpf_core_read.h>

#include "bpf/event.h"

#define TEXT_END  8000u /* paths are written right to left from here */
#define OFF_MASK  8191u
#define OUT_MAX	  (FDT_TEXT_MAX + 256)
#define MAX_STEPS (1u << 20) /* with bpf_loop, a walk */
#define OLD_STEPS 4096	     /* without */

enum walk_mode {
	WALK_OPEN,   /* all that are open */
	WALK_WOULD,  /* staged, open, close-on-exec */
	WALK_CLOSED, /* staged, not in the own table, but in the one it came from */
	WALK_STAGE,  /* staged and open: Linux before 6.10, at close_range itself */
	WALK_LEAKY,  /* open and not close-on-exec */
	WALK_JUDGE,  /* the same, for the rules of --kill */
};

struct stage { /* what close_range marked or closed, by task */
	u64 start;
	u32 tid, closes, ranged, unused;
	u64 bits[FDT_STAGE_FDS / 64];
};

struct scratch {
	u64 id, image; /* of the new and of the old image */
	/* path */
	u64 dentry, mount, mnt_root, root_dentry, root_mount;
	u32 off, flags;
	/* text */
	u64 addr;
	u32 left, index, text_kind, text_dropped;
	/* descriptors */
	u64 array, open, cloexec, own_open, word, stage_key;
	u32 word_index, words, own_words, mode, in_path;
	u32 found, emitted, dropped, capped;
	u64 file;
	u32 tgid, ppid;
	/* summary */
	u64 from_ino, into_ino;
	u32 from_dev, into_dev, fresh;
	/* kill */
	u32 killed, rule, phase, type, rule_out, glob, glob_at, text_at, star, star_text, matched,
		base;
	struct fdt_fd fd;
	u8 buf[8192 + OUT_MAX];
};

struct given_key {
	u64 image;
	u32 fd, unused;
};
struct given {
	u64 file; /* 0: any */
	u64 ino;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

/* One slot for each program: they may nest where tracepoints can be preempted. */
enum { SLOT_EXEC, SLOT_PREPARE, SLOT_STAGE, SLOT_SNAP, SLOTS };
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 65536);
	__type(key, struct given_key);
	__type(value, struct given);
} givens SEC(".maps");

struct act_key {
	u32 tgid, fd;
};
struct act {
	u64 file;
	u32 sign, unused;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 16384);
	__type(key, struct act_key);
	__type(value, struct act);
} acts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, u64);
	__type(value, struct stage);
} stages SEC(".maps");

const volatile struct fdt_config cfg;
struct fdt_counts counts;

#define count(member, n)       __sync_fetch_and_add(&counts.member, n)
#define probe(dst, size, addr) bpf_probe_read_kernel(dst, size, (const void *)(addr))

static __always_inline struct scratch *scratch(u32 slot)
{
	return bpf_map_lookup_elem(&scratches, &slot);
}

static __always_inline bool have_loop(void)
{
	return bpf_core_enum_value_exists(enum bpf_func_id___fdt, BPF_FUNC_loop___fdt);
}

/* Call STEP(slot) until it returns non-zero. */
#define RUN(STEP, slot)                                            \
	do {                                                       \
		if (have_loop()) {                                 \
			u32 slot_ = (slot);                        \
			bpf_loop(MAX_STEPS, STEP##_cb, &slot_, 0); \
		} else {                                           \
			for (int i_ = 0; i_ < OLD_STEPS; i_++)     \
				if (STEP(slot))                    \
					break;                     \
		}                                                  \
	} while (0)
#define STEP_CB(STEP)                               \
	static long STEP##_cb(u32 index, u32 *slot) \
	{                                           \
		return STEP(*slot) != 0;            \
	}

/*
 * Hand on size bytes of buf from off.  Records that are not a must stop at
 * seven eighths of the ring.  The reader is woken once for each wake_bytes:
 * the default, a wake-up for a record, costs 64 to 105 us an exec.
 */
static __always_inline int out(struct scratch *s, u32 off, u32 size, u32 must)
{
	u64 avail = bpf_ringbuf_query(&ring, BPF_RB_AVAIL_DATA);
	u64 flags = BPF_RB_NO_WAKEUP;

	if (!must && avail + size > cfg.ring_bytes - cfg.ring_bytes / 8)
		return -1;
	if (avail < cfg.wake_bytes && avail + size + 8 >= cfg.wake_bytes)
		flags = BPF_RB_FORCE_WAKEUP;
	barrier_var(size);
	if (size > OUT_MAX)
		return -1;
	barrier_var(off);
	off &= OFF_MASK;
	if (bpf_ringbuf_output(&ring, &s->buf[off], size, flags)) {
		if (must)
			count(lost, 1);
		return -1;
	}
	return 0;
}

/* The head of a record whose fixed part is size bytes and whose text starts at s->off. */
static __always_inline void *head(struct scratch *s, u32 kind, u32 size)
{
	u32 off = s->off - size;
	struct fdt_head *h;

	barrier_var(off);
	off &= OFF_MASK;
	h = (struct fdt_head *)&s->buf[off];
	h->text_len = TEXT_END - s->off;
	h->size = size + h->text_len;
	h->kind = kind;
	h->flags = s->flags;
	h->id = s->id;
	h->index = 0;
	return h;
}

/* Hand on the record whose fixed part is size bytes and whose text starts at s->off. */
__noinline int put(u32 slot, u32 size, u32 must)
{
	struct scratch *s = scratch(slot);

	return s ? out(s, s->off - size, size + TEXT_END - s->off, must) : -1;
}

static __always_inline void no_text(struct scratch *s)
{
	s->off = TEXT_END;
	s->flags = 0;
}

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} sequence SEC(".maps");

/* A number for this exec; never 0. */
static __always_inline u64 new_id(void)
{
	u32 zero = 0;
	u64 *n = bpf_map_lookup_elem(&sequence, &zero);

	return n ? ++*n << 12 | bpf_get_smp_processor_id() : 1;
}

/* ---- paths ---- */

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

/* One component, or one mount.  As __prepend_path() in fs/d_path.c. */
__noinline int path_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct dentry *d, *parent;
	struct mount *m, *up;

	if (!s || (s->dentry == s->root_dentry && s->mount == s->root_mount))
		return 1;
	if (s->dentry == s->mnt_root) {
		m = (void *)s->mount;
		up = BPF_CORE_READ(m, mnt_parent);
		if (up == m || !up) {
			s->flags |= FDT_DETACHED;
			return 1;
		}
		s->dentry = (u64)BPF_CORE_READ(m, mnt_mountpoint);
		s->mount = (u64)up;
		s->mnt_root = (u64)BPF_CORE_READ(up, mnt.mnt_root);
		return 0;
	}
	d = (void *)s->dentry;
	parent = BPF_CORE_READ(d, d_parent);
	if (parent == d || !parent) {
		s->flags |= FDT_DETACHED;
		return 1;
	}
	if (prepend(s, BPF_CORE_READ(d, d_name.name), BPF_CORE_READ(d, d_name.len), true))
		return 1;
	s->dentry = (u64)parent;
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
