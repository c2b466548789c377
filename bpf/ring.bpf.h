/*
 * ring.bpf.h: records into the ring.
 */
#ifndef FDT_RING_H
#define FDT_RING_H

#include "bpf/scratch.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 8 << 20);
} ring SEC(".maps");

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

#endif
