/* scratch.c: see scratch.h. */
#include "scratch.h"

_Static_assert(sizeof(struct fdf_scratch) <= FDF_SCRATCH, "the shared area holds one scratch");

struct fdf_scratch *fdf_scratch_get(struct fdf_fence *f, int pid)
{
	int none = 0;

	if (!fdf_borrowed(f, pid))
		return sys_mmap_anon(sizeof(struct fdf_scratch));
	if (!__atomic_compare_exchange_n(&f->scratch_owner, &none, pid, false, __ATOMIC_ACQUIRE,
					 __ATOMIC_RELAXED))
		return NULL;
	SYS1(__NR_set_tid_address, &f->scratch_owner);
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
	SYS1(__NR_set_tid_address, NULL);
	__atomic_store_n(&f->scratch_owner, 0, __ATOMIC_RELEASE);
}
