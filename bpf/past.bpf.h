/*
 * past.bpf.h: what a process did to its numbers, from call to exec.  A fork copies
 * it, as it copies the shim's memory; so parent and child go on apart, and what the
 * middle one of a double fork did outlives it.  Right before its exec it becomes
 * signs in the table of acts.
 */
#ifndef FDT_PAST_H
#define FDT_PAST_H

#include "bpf/pair.bpf.h"

/* The caller closes fd, or puts something else there. */
__noinline int past_closes(u32 tgid, u32 fd)
{
	struct past *p = past_of(tgid);
	struct past_act *a;

	if (!p)
		return 0;
	past_settle(tgid);
	a = &p->act[fd & PAST_ACTS - 1];
	if (a->fd == fd)
		a->fd = 0;
	if (p->any)
		end_closes(p, fd);
	return 0;
}

/* ... s->index to s->left: those of them that are ends. */
__noinline int range_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct past *p = s ? past_of(s->tgid) : NULL;
	u32 i, fd;

	if (!p || s->word_index >= PAST_ENDS)
		return 1;
	i = s->word_index++;
	fd = p->end[i & PAST_ENDS - 1].fd;
	if (fd && s->index <= fd && fd <= s->left)
		end_closes(p, fd);
	fd = p->act[i & PAST_ACTS - 1].fd;
	if (fd && s->index <= fd && fd <= s->left)
		p->act[i & PAST_ACTS - 1].fd = 0;
	return 0;
}
STEP_CB(range_step)

__noinline int past_closes_range(u32 slot, u32 first, u32 last)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct scratch *s = scratch(slot);

	if (!s || !past_of(BPF_CORE_READ(t, tgid)))
		return 0;
	s->tgid = BPF_CORE_READ(t, tgid);
	past_settle(s->tgid);
	s->word_index = 0;
	s->index = first;
	s->left = last;
	RUN(range_step, SLOT_STAGE);
	return 0;
}

/* In the parent, before the child runs. */
static __always_inline void past_forks(u32 from, u32 to, bool vforks)
{
	struct past *p = past_of(from), *child;

	if (!p)
		return;
	past_settle(from);
	p->forks++;
	if (bpf_map_update_elem(&pasts, &to, p, BPF_ANY))
		past_is_lost(to);
	child = past_of(to);
	if (!child)
		return;
	child->base = child->forks;
	child->vforked = vforks;
}

__noinline int sign_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	struct past *p = s ? past_of(s->tgid) : NULL;
	struct past_act *a;
	struct past_end *e;
	u64 file;
	u32 i;

	if (!p || s->word_index >= PAST_ENDS)
		return 1;
	i = s->word_index++;
	e = &p->end[i & PAST_ENDS - 1];
	if (e->fd)
		resign(e->fd, file_at(e->fd), FDT_PAIR, is_for_child(p, e));
	a = &p->act[i & PAST_ACTS - 1];
	file = a->fd ? file_at(a->fd) : 0;
	if (file && file == a->file)
		resign(a->fd, file, p->vforked ? a->sign & FDT_ACT : a->sign, true);
	return 0;
}
STEP_CB(sign_step)

/* The caller is about to exec: what is known of its numbers becomes signs. */
__noinline int past_signs(u32 slot)
{
	u32 tgid = bpf_get_current_pid_tgid() >> 32;
	struct fdt_image *image = in_scope(tgid);
	struct scratch *s = scratch(slot);
	struct past *p = past_of(tgid);

	if (!s || !p)
		return 0;
	past_settle(tgid);
	if (image)
		image->unsure = p->unsure;
	s->tgid = tgid;
	s->word_index = 0;
	RUN(sign_step, SLOT_STAGE);
	return 0;
}

#endif
