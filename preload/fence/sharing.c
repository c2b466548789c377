/* sharing.c: see sharing.h. */
#include <errno.h>
#include <linux/kcmp.h>
#include <linux/sched.h>
#include <sys/prctl.h>

#include "preload/fence/fence.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

void fdf_sharing_clone(struct fdf_sharing *s, int flags)
{
	if (flags & CLONE_THREAD)
		return;
	if (flags & CLONE_FILES)
		s->shares = 1;
	if (!(flags & CLONE_VM))
		return;
	if (s->unsure == FDF_SURE) /* else a vfork child may be asking, which owns nothing */
		s->owner = sys_getpid();
	if (s->unsure != FDF_RUNS)
		s->unsure = FDF_RUNS;
}

void fdf_sharing_forked(struct fdf_sharing *s)
{
	if (s->unsure) {
		s->owner = sys_getpid();
		s->unsure = FDF_SURE;
	}
}

/*
 * In a pid namespace of its own a child may have its parent's number.  libc gives each of its own
 * threads an address for the kernel to clear, and a vfork child has none, or that of its slot.
 */
static bool is_namesake(const struct fdf_fence *f, int pid)
{
	uint64_t at = 0;
	bool slot;

	if (!f->sharing.unsure || SYS2(__NR_prctl, PR_GET_TID_ADDRESS, &at) < 0)
		return false;
	slot = at >= (uintptr_t)f->slot && at < (uintptr_t)(f->slot + FDF_SLOTS);
	return slot || (!at && sys_gettid() == pid);
}

static bool owns(const struct fdf_fence *f, int pid)
{
	return f->sharing.owner == pid && !is_namesake(f, pid);
}

/* Another number: a vfork child, or a forked one, and the kernel knows which. */
static bool is_other(const struct fdf_fence *f, int pid)
{
	const struct fdf_sharing *s = &f->sharing;
	long parent, r;

	parent = SYS1(__NR_getppid, 0);
	r = SYS3(__NR_kcmp, pid, parent, KCMP_VM);
	if (r >= 0)
		return r == 0;
	/* The parent lives outside this pid namespace; or it has gone and left this process alone;
	 * or the kernel will not say. */
	return s->unsure && (!parent || SYS3(__NR_kcmp, pid, s->owner, KCMP_VM) != -ESRCH);
}

bool fdf_borrowed(const struct fdf_fence *f, int pid)
{
	return !owns(f, pid) && is_other(f, pid);
}

int fdf_borrower(struct fdf_fence *f)
{
	struct fdf_sharing *s = &f->sharing;
	int pid = s->unsure ? sys_getpid() : 0;

	if (!pid)
		return 0;
	if (!owns(f, pid))
		return is_other(f, pid) ? pid : 0;
	/* the only thread, and it runs: a vfork child would have stopped it */
	if (s->unsure == FDF_STOPS && fdf_single_threaded())
		s->unsure = FDF_SURE;
	return 0;
}

struct fdf_slot *fdf_slot_of(struct fdf_fence *f, int pid)
{
	for (int i = 0; i < FDF_SLOTS; i++)
		if (__atomic_load_n(&f->slot[i].pid, __ATOMIC_ACQUIRE) == pid)
			return &f->slot[i];
	return NULL;
}

/*
 * A vfork child ends its borrowing by exec or exit and says nothing, but the kernel does: it writes
 * 0 to the address that set_tid_address() named (kernel/fork.c, mm_release()).  Not if that address
 * is taken: whoever made the child with CLONE_CHILD_CLEARTID waits for its word.  A kernel that does
 * not say which is asked about children of vfork() alone, which have none.
 */
static bool watch(const struct fdf_fence *f, struct fdf_slot *s)
{
	uint64_t taken = 0;
	long r = SYS2(__NR_prctl, PR_GET_TID_ADDRESS, &taken);

	if (taken || (r < 0 && f->sharing.unsure != FDF_STOPS))
		return false;
	SYS1(__NR_set_tid_address, &s->pid);
	return true;
}

/* Free what children had of whom the kernel tells nothing, and who have gone. */
static void reap(struct fdf_fence *f, int pid)
{
	for (int i = 0; i < FDF_SLOTS; i++) {
		struct fdf_slot *s = &f->slot[i];
		int owner = __atomic_load_n(&s->pid, __ATOMIC_ACQUIRE);
		long r;

		if (!owner || owner == pid || !s->unwatched)
			continue;
		r = SYS3(__NR_kcmp, pid, owner, KCMP_VM);
		if (r == -EPERM || r == -ENOSYS)
			r = SYS2(__NR_kill, owner, 0) == -ESRCH ? -ESRCH : 0;
		if (r)
			__atomic_compare_exchange_n(&s->pid, &owner, 0, false, __ATOMIC_RELEASE,
						    __ATOMIC_RELAXED);
	}
}

struct fdf_slot *fdf_slot_take(struct fdf_fence *f, int pid)
{
	struct fdf_slot *s = fdf_slot_of(f, pid);

	if (!s)
		reap(f, pid);
	for (int i = 0; !s && i < FDF_SLOTS; i++) {
		int none = 0;

		if (!__atomic_compare_exchange_n(&f->slot[i].pid, &none, pid, false,
						 __ATOMIC_ACQUIRE, __ATOMIC_RELAXED))
			continue;
		s = &f->slot[i];
		for (size_t k = 0; k < sizeof s->acts / sizeof *s->acts; k++)
			s->acts[k] = s->placed[k] = s->gone[k] = s->dropped[k] = 0;
		for (int k = 0; k < FDF_SLOT_MOVES; k++)
			s->moved[k].gift = FDF_NO_GIFT;
		s->unwatched = !watch(f, s);
		f->slots_used = true;
	}
	return s;
}
