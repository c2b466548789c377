/*
 * walk.bpf.h: the walk over one descriptor table that tells what it finds.  One
 * flat loop: a step is one word of the bitmap, one descriptor, or one component of
 * its path.
 */
#ifndef FDT_WALK_H
#define FDT_WALK_H

#include "bpf/group.bpf.h"
#include "bpf/kill.bpf.h"

__noinline int fd_put(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct fdt_fd *e;
	u32 off;

	if (!s)
		return 0;
	if (cfg.kill && s->mode == WALK_JUDGE)
		return rules_judge(GLOB_PATH);
	off = s->off - sizeof(*e);
	barrier_var(off);
	off &= OFF_MASK;
	e = (struct fdt_fd *)&s->buf[off];
	*e = s->fd;
	head(s, FDT_FD, sizeof(*e));
	if (put(slot, sizeof(*e), false))
		s->dropped++;
	else
		s->emitted++;
	return 0;
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
	/* Before there is any text: it uses the buffer. */
	s->fd.group = 0;
	if (cfg.summary && s->mode == WALK_OPEN)
		group_find(SLOT_EXEC, false);
	if (!fd_pathless(s, slot) && path_of(s, (void *)s->file))
		s->in_path = 1;
	else
		fd_put(slot);
}

__noinline int fd_step(u32 slot)
{
	struct scratch *s = scratch(slot);

	if (!s)
		return 1;
	if (s->in_path) {
		if (path_step(slot)) {
			path_end(s);
			s->in_path = 0;
			fd_put(slot);
		}
		return 0;
	}
	if (!s->word)
		return s->word_index >= s->words ? 1 : (any_step(slot), 0);
	fd_look(s, slot, next_fd(s));
	return 0;
}
STEP_CB(fd_step)

static __always_inline void walk_counts(struct scratch *s)
{
	s->found = s->emitted = s->dropped = s->capped = 0;
}

#endif
