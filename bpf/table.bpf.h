/*
 * table.bpf.h: the numbers that are open in a descriptor table, word by word of
 * its bitmaps, and those of them that a walk is about.
 */
#ifndef FDT_TABLE_H
#define FDT_TABLE_H

#include "bpf/stage.bpf.h"

static __always_inline u64 word_at(u64 bitmap, u32 i)
{
	u64 w = 0;

	probe(&w, sizeof(w), bitmap + (u64)i * 8);
	return w;
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

static __always_inline bool is_cloexec(struct scratch *s, u32 fd)
{
	return word_at(s->cloexec, fd / 64) >> (fd & 63) & 1;
}

static __always_inline void table_from(struct scratch *s, struct files_struct *files, u32 mode)
{
	struct fdtable *t = BPF_CORE_READ(files, fdt);

	s->mode = mode;
	s->array = (u64)BPF_CORE_READ(t, fd);
	s->open = (u64)BPF_CORE_READ(t, open_fds);
	s->cloexec = (u64)BPF_CORE_READ(t, close_on_exec);
	s->words = BPF_CORE_READ(t, max_fds) / 64;
	s->files = (u64)files;
	s->std_looked = 0;
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

/* The lowest number in s->word, which loses it. */
static __always_inline u32 next_fd(struct scratch *s)
{
	u64 w = s->word;

	s->word = w & (w - 1);
	return (s->word_index - 1) * 64 + lowest(w);
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

#endif
