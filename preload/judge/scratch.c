/* scratch.c: see scratch.h. */
#include "preload/judge/scratch.h"
#include "preload/raw/sys.h"

_Static_assert(sizeof(struct fdf_scratch) <= FDF_SCRATCH, "the shared area holds one scratch");

/* Its owner is gone when it has no slot any more. */
static bool claim(struct fdf_fence *f, int pid)
{
	int owner = __atomic_load_n(&f->scratch_owner, __ATOMIC_ACQUIRE);

	for (int i = 0; i < FDF_SLOTS && owner && owner != pid; i++)
		if (__atomic_load_n(&f->slot[i].pid, __ATOMIC_ACQUIRE) == owner)
			return false;
	return __atomic_compare_exchange_n(&f->scratch_owner, &owner, pid, false, __ATOMIC_ACQUIRE,
					   __ATOMIC_RELAXED);
}

struct fdf_scratch *fdf_scratch_get(struct fdf_fence *f, int pid)
{
	struct {
		long s, ns;
	} millisecond = { 0, 1000000 };

	if (!fdf_borrowed(f, pid))
		return sys_mmap_anon(sizeof(struct fdf_scratch));
	if (!fdf_slot_take(f, pid))
		return NULL;
	for (int tries = 0; !claim(f, pid); tries++) {
		if (tries == 50) /* another vfork child is slow to record */
			return NULL;
		SYS2(__NR_nanosleep, &millisecond, NULL);
	}
	return (struct fdf_scratch *)f->scratch;
}

void fdf_scratch_put(struct fdf_fence *f, struct fdf_scratch *s)
{
	if (!s)
		return;
	if ((char *)s != f->scratch) {
		sys_munmap(s, sizeof *s);
		return;
	}
	__atomic_store_n(&f->scratch_owner, 0, __ATOMIC_RELEASE);
}
