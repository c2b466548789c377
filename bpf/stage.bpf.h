/*
 * stage.bpf.h: what close_range, fcntl and ioctl sealed, kept by task until the
 * exec that follows.  sys.bpf.h fills it in, prepare.bpf.h tells it.
 */
#ifndef FDT_STAGE_H
#define FDT_STAGE_H

#include "bpf/scratch.bpf.h"

struct stage { /* what close_range marked or closed, by task */
	u64 start;
	u32 tid, closes, ranged, unused;
	u64 bits[FDT_STAGE_FDS / 64];
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 2048);
	__type(key, u64);
	__type(value, struct stage);
} stages SEC(".maps");

static __always_inline struct stage *staged(struct scratch *s)
{
	return bpf_map_lookup_elem(&stages, &s->stage_key);
}

static __always_inline u64 stage_word(struct scratch *s, u32 i)
{
	struct stage *st = bpf_map_lookup_elem(&stages, &s->stage_key);

	if (!st || i >= FDT_STAGE_FDS / 64)
		return 0;
	return st->bits[i & (FDT_STAGE_FDS / 64 - 1)];
}

/* Has this very task called close_range?  (The address of a task is used again.) */
static __always_inline bool stage_of(struct scratch *s, struct task_struct *t)
{
	struct stage *st;

	s->stage_key = (u64)t;
	st = staged(s);
	return st && st->start == BPF_CORE_READ(t, start_boottime) &&
	       st->tid == BPF_CORE_READ(t, pid);
}

/*
 * The stage of this task, of its leader, or of the parent that it is a copy of.
 * What a parent marked one by one it marked when it opened it.
 */
static __always_inline bool stage_for(struct scratch *s, struct task_struct *t)
{
	struct stage *st;

	if (stage_of(s, t))
		return true;
	if (!stage_of(s, BPF_CORE_READ(t, group_leader)) &&
	    !stage_of(s, BPF_CORE_READ(t, real_parent)))
		return false;
	st = staged(s);
	return st && st->ranged;
}

#endif
