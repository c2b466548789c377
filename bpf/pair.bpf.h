/*
 * pair.bpf.h: the ends of pipes and of pairs of AF_UNIX sockets, by the rules of
 * preload/judge/pair.c.
 */
#ifndef FDT_PAIR_H
#define FDT_PAIR_H

#include "bpf/act.bpf.h"

static __always_inline void set_end(struct past *p, u32 fd, u32 peer, u64 ino, u64 peer_ino)
{
	struct past_end *e = &p->end[fd & PAST_ENDS - 1];

	if (e->fd && e->fd != fd)
		p->unsure |= FDT_UNSURE_PAIRS;
	e->fd = fd;
	e->peer = peer;
	e->cloexec = p->new_cloexec;
	e->made = p->forks;
	e->closed = 0;
	e->ino = ino;
	e->peer_ino = peer_ino;
}

static __always_inline struct sock *sock_at(u32 fd)
{
	struct file *f = (void *)file_at(fd);
	struct socket *s = BPF_CORE_READ(f, private_data);

	return BPF_CORE_READ(s, sk);
}

/* Two ends of one pipe, or sockets that are each other's peer. */
__noinline int is_pair(u32 a, u32 b)
{
	struct inode *i = (void *)inode_at(a), *k = (void *)inode_at(b);
	u32 mode = i ? BPF_CORE_READ(i, i_mode) & S_IFMT : 0;

	if (mode == S_IFIFO)
		return i == k;
	return mode == S_IFSOCK && k && (BPF_CORE_READ(k, i_mode) & S_IFMT) == S_IFSOCK &&
	       BPF_CORE_READ((struct unix_sock *)sock_at(a), peer) == sock_at(b);
}

/*
 * The call that was seen at its begin has made its pair, or not: a thread beside may have taken
 * one of its numbers.
 */
__noinline int past_settle(u32 tgid)
{
	struct past *p = past_of(tgid);
	u32 a, b;

	if (!p || !p->new_b)
		return 0;
	a = p->new_a;
	b = p->new_b;
	p->new_a = p->new_b = 0;
	if (!is_pair(a, b)) {
		p->unsure |= FDT_UNSURE_PAIRS;
		return 0;
	}
	p->any = 1;
	set_end(p, a, b, ino_at(a), ino_at(b));
	set_end(p, b, a, ino_at(b), ino_at(a));
	return 0;
}

/* The lowest two numbers that are free are those that the kernel will choose. */
__noinline int free_step(u32 slot)
{
	struct scratch *s = scratch(slot);
	u32 fd;

	if (!s)
		return 1;
	if (!s->word) {
		if (s->word_index >= END_FDS / 64)
			return 1;
		s->word = s->word_index < s->words ? ~word_at(s->open, s->word_index) : ~0ull;
		s->word_index++;
		return 0;
	}
	fd = next_fd(s);
	if (!s->free_a) {
		s->free_a = fd;
		return 0;
	}
	s->free_b = fd;
	return 1;
}
STEP_CB(free_step)

/* A pair is about to be made.  What a vfork child makes the shim does not remember either. */
__noinline int past_makes(u32 slot, u32 cloexec)
{
	struct task_struct *t = (void *)bpf_get_current_task();
	struct scratch *s = scratch(slot);
	u32 tgid = BPF_CORE_READ(t, tgid);
	struct past *p;

	if (!s || borrows(t))
		return 0;
	past_settle(tgid);
	table_from(s, BPF_CORE_READ(t, files), WALK_OPEN);
	s->free_a = s->free_b = 0;
	RUN(free_step, SLOT_STAGE);
	p = past_for(tgid);
	if (!p || s->free_a < 3 || !s->free_b)
		return 0;
	p->new_a = s->free_a;
	p->new_b = s->free_b;
	p->new_cloexec = cloexec;
	return 0;
}

/* One end goes.  It is the other one that may stay, and be meant. */
static __always_inline void end_closes(struct past *p, u32 fd)
{
	struct past_end *e = &p->end[fd & PAST_ENDS - 1], *other;
	bool still;

	if (!e->fd || e->fd != fd)
		return;
	other = &p->end[e->peer & PAST_ENDS - 1];
	e->fd = 0;
	if (other->fd != e->peer || other->peer != fd)
		return;
	/* Only what a child closes says something, not what the maker closes. */
	still = e->made < p->base && ino_at(fd) == e->ino && ino_at(e->peer) == e->peer_ino;
	if (still)
		other->closed = p->forks;
	else
		other->fd = 0;
}

static __always_inline bool on_stdio(struct past_end *e)
{
	u64 a = ino_at(0), b = ino_at(1), c = ino_at(2);

	return (a == e->ino) | (b == e->ino) | (c == e->ino) | (a == e->peer_ino) |
	       (b == e->peer_ino) | (c == e->peer_ino);
}

/* As fdf_pair_sign() in the shim. */
static __always_inline bool is_for_child(struct past *p, struct past_end *e)
{
	bool fresh = e->made == p->forks || (p->forks == p->base && e->made + 1 == p->base);
	struct past_end *other = &p->end[e->peer & PAST_ENDS - 1];

	if (ino_at(e->fd) != e->ino || on_stdio(e))
		return false;
	if (e->closed && e->closed >= p->base)
		return true;
	return fresh && !e->cloexec && other->fd == e->peer && other->peer == e->fd &&
	       ino_at(e->peer) == e->peer_ino && is_marked(e->peer);
}

#endif
