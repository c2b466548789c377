/* meant.c: see meant.h. */
#include "preload/judge/meant.h"
#include "preload/judge/pair.h"
#include "preload/fence/given.h"
#include "preload/raw/sys.h"

static unsigned long *act_bits(struct fdf_fence *f, int fd)
{
	return fd < FDF_LOW_FDS ? f->low_acts : f->acts;
}

static unsigned long *placed_bits(struct fdf_fence *f, int fd)
{
	return fd < FDF_LOW_FDS ? f->low_placed : f->placed;
}

/* Numbers up to here may have a sign; closing above it costs one comparison. */
static void raise_last(struct fdf_fence *f, int fd)
{
	int last = __atomic_load_n(&f->acts_last, __ATOMIC_RELAXED);

	while (fd > last && !__atomic_compare_exchange_n(&f->acts_last, &last, fd, true,
							 __ATOMIC_RELAXED, __ATOMIC_RELAXED))
		;
}

static void unplace(struct fdf_fence *f)
{
	for (size_t i = 0; i < sizeof f->low_placed / sizeof *f->low_placed; i++)
		f->low_placed[i] = 0;
	for (int fd = FDF_LOW_FDS; fd <= fdf_act_last(f); fd += (int)FDF_LONG_BITS)
		f->placed[(size_t)fd / FDF_LONG_BITS] = 0;
	f->placed_pid = 0;
}

void fdf_act_forked(struct fdf_fence *f)
{
	if (f->placed_pid == f->pid)
		unplace(f);
	else
		f->placed_pid = sys_getpid();
}

/* In another process than before: what is there was placed before a fork. */
static void place(struct fdf_fence *f, int fd)
{
	if (!f->placed_pid || f->sharing.unsure) {
		int pid = sys_getpid();

		if (f->placed_pid && f->placed_pid != pid)
			unplace(f);
		f->placed_pid = pid;
	}
	fdf_bit_set(placed_bits(f, fd), fd);
}

/* The slot in which the vfork child pid can note that number; NULL: there is none. */
static struct fdf_slot *slot_for(struct fdf_fence *f, int pid, int fd)
{
	return fd < FDF_SLOT_FDS ? fdf_slot_take(f, pid) : NULL;
}

/* Better that everybody keeps it, and the record says so, than that nobody does. */
static void lend(struct fdf_fence *f, int fd)
{
	fdf_bit_set(f->lent, fd);
	f->lends = true;
}

static void note(struct fdf_fence *f, int fd, bool placed)
{
	int pid = fdf_borrower(f);

	if (pid) {
		struct fdf_slot *s = slot_for(f, pid, fd);

		if (s)
			fdf_bit_set(placed ? s->placed : s->acts, fd);
		else
			lend(f, fd);
	} else if (placed) {
		place(f, fd);
	} else {
		fdf_bit_set(act_bits(f, fd), fd);
	}
	raise_last(f, fd);
}

void fdf_act_cleared(struct fdf_fence *f, int fd)
{
	if (f && fd > 2 && fd < FDF_ACT_FDS)
		note(f, fd, false);
}

void fdf_act_placed(struct fdf_fence *f, int fd, bool cloexec)
{
	if (!f || fd < 3 || fd >= FDF_ACT_FDS)
		return;
	fdf_act_closed(f, (unsigned)fd, (unsigned)fd);
	if (!cloexec)
		note(f, fd, true);
}

/* The hot question of every close(): is there anything to forget at all? */
static bool remembered(struct fdf_fence *f, int fd)
{
	if (fdf_bit_get(act_bits(f, fd), fd) || fdf_bit_get(placed_bits(f, fd), fd) ||
	    (f->lends && fdf_bit_get(f->lent, fd)))
		return true;
	for (int i = 0; f->slots_used && fd < FDF_SLOT_FDS && i < FDF_SLOTS; i++)
		if (fdf_bit_get(f->slot[i].acts, fd) || fdf_bit_get(f->slot[i].placed, fd))
			return true;
	return false;
}

/* What a vfork child cannot note it leaves to its parent, who still has it open. */
static void forget(struct fdf_fence *f, int fd)
{
	int pid = fdf_borrower(f);
	struct fdf_slot *s;

	if (f->lends)
		fdf_bit_clear(f->lent, fd);
	if (!pid) {
		fdf_bit_clear(act_bits(f, fd), fd);
		fdf_bit_clear(placed_bits(f, fd), fd);
		return;
	}
	s = slot_for(f, pid, fd);
	if (s) {
		fdf_bit_clear(s->acts, fd);
		fdf_bit_clear(s->placed, fd);
		fdf_bit_set(s->gone, fd);
	} else if (fdf_bit_get(act_bits(f, fd), fd)) {
		f->blurred = true;
	}
}

void fdf_act_forget(struct fdf_fence *f, unsigned first, unsigned last)
{
	if (!f)
		return;
	for (unsigned fd = first; fd <= last && fd <= (unsigned)fdf_act_last(f); fd++)
		if (remembered(f, (int)fd))
			forget(f, (int)fd);
}

void fdf_act_closed(struct fdf_fence *f, unsigned first, unsigned last)
{
	if (!f)
		return;
	if (first <= (unsigned)fdf_pair_last(f))
		fdf_pair_close(f, first, last);
	if (first <= (unsigned)fdf_given_last(f))
		fdf_given_close(f, first, last);
	if (first <= (unsigned)fdf_act_last(f))
		fdf_act_forget(f, first, last);
}

void fdf_act_moved(struct fdf_fence *f, int from, int to, bool cloexec)
{
	if (!fdf_given_move(f, from, to) && !cloexec)
		fdf_act_cleared(f, to);
}

unsigned fdf_act_signs(struct fdf_fence *f, int pid, int fd)
{
	const struct fdf_slot *s;
	bool act, placed;

	if (fd >= FDF_ACT_FDS || fd > fdf_act_last(f))
		return 0;
	act = fdf_bit_get(act_bits(f, fd), fd);
	/* in the process that the image was started in, it looks the same as a leak */
	placed = f->placed_pid == pid && (pid != f->pid || (f->set.policy.intent & FDF_DUP2)) &&
		 fdf_bit_get(placed_bits(f, fd), fd);
	if (f->sharing.unsure && fdf_borrowed(f, pid)) {
		s = fd < FDF_SLOT_FDS ? fdf_slot_of(f, pid) : NULL;
		if (s) { /* what was noted elsewhere is from before a filter that denies kcmp */
			act = fdf_bit_get(s->acts, fd) || (act && !fdf_bit_get(s->gone, fd));
			placed =
				fdf_bit_get(s->placed, fd) || (placed && !fdf_bit_get(s->gone, fd));
		}
	}
	act |= f->lends && fdf_bit_get(f->lent, fd);
	return (act ? FDF_SIGN_ACT : 0) | (placed ? FDF_SIGN_PLACED : 0);
}

bool fdf_act_doubtful(struct fdf_fence *f, int pid, int fd)
{
	if (fd >= FDF_ACT_FDS || fd > fdf_act_last(f))
		return false;
	if (f->lends && fdf_bit_get(f->lent, fd))
		return true;
	return f->blurred && fdf_bit_get(act_bits(f, fd), fd) && fdf_borrowed(f, pid) &&
	       (fd >= FDF_SLOT_FDS || !fdf_slot_of(f, pid));
}

int fdf_act_last(const struct fdf_fence *f)
{
	return __atomic_load_n(&f->acts_last, __ATOMIC_RELAXED);
}
