/*
 * scratch.bpf.h: what every program stands on: the settings, the counts, one
 * scratch buffer for each program and processor, and the way to walk.
 *
 * Every walk is a step function that is called until it says stop, its state in
 * the scratch buffer: the verifier then looks at each step once.  (With the
 * state on the stack one such program took a million instructions to verify.)
 * Linux before 5.17 has no bpf_loop; there a bounded loop calls the same steps.
 */
#ifndef FDT_SCRATCH_H
#define FDT_SCRATCH_H

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

struct scratch {
	u64 id, image; /* of the new and of the old image */
	/* path */
	u64 dentry, mount, mnt_root, root_dentry, root_mount;
	u32 off, flags, uid; /* uid: whose way it is */
	/* text */
	u64 addr;
	u32 left, index, text_kind, text_dropped;
	/* descriptors */
	u64 files, array, open, cloexec, own_open, word, stage_key;
	u32 word_index, words, own_words, mode, in_path;
	u32 found, emitted, dropped, capped;
	u32 free_a, free_b; /* the lowest numbers that are not open */
	u64 file, task;	    /* task: of SLOT_SNAP */
	u32 tgid, in_tree;
	struct {
		u64 inode, bits;
	} std[3];			    /* 0, 1 and 2, once looked at */
	u64 lock, lock_list, lock_lists[4]; /* the lists that are left, and an end */
	u32 std_looked, locks_left, lock_next;
	/* summary */
	u64 from_ino, into_ino, asker;
	u64 hash;
	u32 from_dev, into_dev, fresh, hash_at, hash_end;
	/* kill */
	u32 killed, rule, phase, type, rule_out, glob, glob_at, text_at, star, star_text, across,
		across_text, matched, base;
	struct fdt_fd fd;
	u8 buf[8192 + OUT_MAX];
};

/* One slot for each program: they may nest where tracepoints can be preempted. */
enum { SLOT_EXEC, SLOT_PREPARE, SLOT_STAGE, SLOT_SNAP, SLOTS };
struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, SLOTS);
	__type(key, u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

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
/* The verifier wants 0 or 1, and does not know that STEP returns nothing else; clang 19 does. */
#define STEP_CB(STEP)                               \
	static long STEP##_cb(u32 index, u32 *slot) \
	{                                           \
		int r = STEP(*slot);                \
                                                    \
		barrier_var(r);                     \
		return r != 0;                      \
	}

#endif
