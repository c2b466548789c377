/* acts.c: see acts.h. */
#include <errno.h>

#include "preload/judge/meant.h"

#define BITS (8 * sizeof(long))

/* Another number: a vfork child, or a forked one, and the kernel knows which. */
bool fdf_borrowed(int pid)
{
	long parent, r;

	if (fdf_owner == pid)
		return false;
	parent = SYS1(__NR_getppid, 0);
	r = SYS3(__NR_kcmp, pid, parent, 1 /* KCMP_VM */);
	if (r >= 0)
		return r == 0;
	/* The parent lives outside this pid namespace; or it has gone and left this process alone;
	 * or the kernel will not say. */
	return fdf_unsure &&
	       (!parent || SYS3(__NR_kcmp, pid, fdf_owner, 1 /* KCMP_VM */) != -ESRCH);
}

/* The number of this vfork child, else 0.  Costs no system call where there cannot be one. */
static int borrower(void)
{
	int pid = fdf_unsure ? sys_getpid() : 0;

	if (pid != fdf_owner)
		return pid && fdf_borrowed(pid) ? pid : 0;
	/* the only thread, and it runs: a vfork child would have stopped it */
	if (fdf_unsure == FDF_STOPS && fdf_single_threaded())
		fdf_unsure = 0;
	return 0;
}

static bool get(const unsigned long *bits, int fd)
{
	return __atomic_load_n(&bits[fd / BITS], __ATOMIC_RELAXED) >> (fd % BITS) & 1;
}

static void set(unsigned long *bits, int fd)
{
	__atomic_fetch_or(&bits[fd / BITS], 1UL << (fd % BITS), __ATOMIC_RELAXED);
}

static void clear(unsigned long *bits, int fd)
{
	__atomic_fetch_and(&bits[fd / BITS], ~(1UL << (fd % BITS)), __ATOMIC_RELAXED);
}

static unsigned long *act_bits(struct fdf_fence *f, int fd)
{
	return fd < FDF_LOW_FDS ? f->low_acts : f->acts;
}

static unsigned long *placed_bits(struct fdf_fence *f, int fd)
{
	return fd < FDF_LOW_FDS ? f->low_placed : f->placed;
}

static struct fdf_slot *slot_of(struct fdf_fence *f, int pid)
{
	for (int i = 0; i < FDF_SLOTS; i++)
		if (__atomic_load_n(&f->slot[i].pid, __ATOMIC_ACQUIRE) == pid)
			return &f->slot[i];
	return NULL;
}

/*
 * A vfork child ends its borrowing by exec or exit and says nothing, but the kernel does: it writes
 * 0 to the address that set_tid_address() named (kernel/fork.c, mm_release()).
 */
struct fdf_slot *fdf_slot_take(struct fdf_fence *f, int pid)
{
	struct fdf_slot *s = slot_of(f, pid);

	for (int i = 0; !s && i < FDF_SLOTS; i++) {
		int none = 0;

		if (!__atomic_compare_exchange_n(&f->slot[i].pid, &none, pid, false,
						 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			continue;
		s = &f->slot[i];
		for (size_t k = 0; k < sizeof s->acts / sizeof *s->acts; k++)
			s->acts[k] = s->placed[k] = s->gone[k] = 0;
		SYS1(__NR_set_tid_address, &s->pid);
		f->slots_used = true;
	}
	return s;
}

/* Numbers up to here may have a sign; closing above it costs one comparison. */
static void raise_last(struct fdf_fence *f, int fd)
{
	int last = __atomic_load_n(&f->acts_last, __ATOMIC_RELAXED);

	while (fd > last && !__atomic_compare_exchange_n(&f->acts_last, &last, fd, true,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

/* In another process than before: what is there was placed before a fork. */
static void place(struct fdf_fence *f, int fd)
{
	if (!f->placed_pid || fdf_unsure) {
		int pid = sys_getpid();

		if (f->placed_pid && f->placed_pid != pid)
			fdf_act_unplace(f);
		f->placed_pid = pid;
	}
	if (fd < FDF_PLACED_FDS)
		set(placed_bits(f, fd), fd);
}

void fdf_act_unplace(struct fdf_fence *f)
{
	for (size_t i = 0; i < sizeof f->low_placed / sizeof *f->low_placed; i++)
		f->low_placed[i] = 0;
	for (size_t i = 0; f->acts_last >= FDF_LOW_FDS && i < sizeof f->placed / sizeof *f->placed;
	     i++)
		f->placed[i] = 0;
	f->placed_pid = 0;
}

static void note(struct fdf_fence *f, int fd, bool placed)
{
	int pid = borrower();

	if (pid) {
		struct fdf_slot *s = fd < FDF_SLOT_FDS ? fdf_slot_take(f, pid) : NULL;

		if (s)
			set(placed ? s->placed : s->acts, fd);
	} else if (placed) {
		place(f, fd);
	} else {
		set(act_bits(f, fd), fd);
	}
	raise_last(f, fd);
}

void fdf_act_set(int fd)
{
	struct fdf_fence *f = fdf_fence;

	if (f && fd > 2 && fd < FDF_ACT_FDS)
		note(f, fd, false);
}

void fdf_act_placed(int fd, bool cloexec)
{
	struct fdf_fence *f = fdf_fence;

	if (!f || fd < 3 || fd >= FDF_ACT_FDS)
		return;
	fdf_act_drop((unsigned)fd, (unsigned)fd);
	if (!cloexec)
		note(f, fd, true);
}

/* The hot question of every close(): is there anything to forget at all? */
static bool remembered(struct fdf_fence *f, int fd)
{
	if (get(act_bits(f, fd), fd) || (fd < FDF_PLACED_FDS && get(placed_bits(f, fd), fd)))
		return true;
	for (int i = 0; f->slots_used && fd < FDF_SLOT_FDS && i < FDF_SLOTS; i++)
		if (get(f->slot[i].acts, fd) || get(f->slot[i].placed, fd))
			return true;
	return false;
}

static void forget(struct fdf_fence *f, int fd)
{
	int pid = borrower();

	if (!pid) {
		clear(act_bits(f, fd), fd);
		if (fd < FDF_PLACED_FDS)
			clear(placed_bits(f, fd), fd);
	} else if (fd < FDF_SLOT_FDS) {
		struct fdf_slot *s = fdf_slot_take(f, pid);

		if (s) {
			clear(s->acts, fd);
			clear(s->placed, fd);
			set(s->gone, fd);
		}
	}
}

void fdf_act_drop(unsigned first, unsigned last)
{
	struct fdf_fence *f = fdf_fence;

	if (!f)
		return;
	for (unsigned fd = first; fd <= last && fd <= (unsigned)fdf_acted_last(f); fd++)
		if (remembered(f, (int)fd))
			forget(f, (int)fd);
}

unsigned fdf_acted(struct fdf_fence *f, int pid, int fd)
{
	const struct fdf_slot *s;
	bool act, placed;

	if (fd >= FDF_ACT_FDS || fd > fdf_acted_last(f))
		return 0;
	act = get(act_bits(f, fd), fd);
	/* in the process that the image was started in, it looks the same as a leak */
	placed = f->placed_pid == pid && (pid != f->pid || (f->set.policy.intent & FDF_DUP2)) &&
		 fd < FDF_PLACED_FDS && get(placed_bits(f, fd), fd);
	if (fdf_unsure && fdf_borrowed(pid)) {
		s = fd < FDF_SLOT_FDS ? slot_of(f, pid) : NULL;
		act = s ? get(s->acts, fd) || (act && !get(s->gone, fd)) : act;
		placed = s && get(s->placed, fd);
	}
	return (act ? FDF_SIGN_ACT : 0) | (placed ? FDF_SIGN_PLACED : 0);
}

int fdf_acted_last(const struct fdf_fence *f)
{
	return __atomic_load_n(&f->acts_last, __ATOMIC_RELAXED);
}
