/* fence.c: see fence.h. */
#include <linux/auxvec.h>

#include "preload/fence/fence.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

struct fdf_fence *fdf_fence;

/* Common: behind all other data, so that its first part shares their page. */
struct fdf_fence fdf_memory __attribute__((common));
_Static_assert(offsetof(struct fdf_fence, set.rules) <= 3072, "1 KiB of the page is for the rest");

char *fdf_keep_text(struct fdf_fence *f, struct fdf_str s)
{
	bool is_near = s.len + 1 <= FDF_NEAR_MAX - f->used_near;
	char *to = is_near ? f->near + f->used_near : f->text + f->used_far;

	if (!is_near && s.len + 1 > FDF_TEXT_MAX - f->used_far)
		return NULL;
	for (size_t i = 0; i < s.len; i++)
		to[i] = s.s[i];
	*(is_near ? &f->used_near : &f->used_far) +=
		s.len + 1; /* the memory was zero: the NUL is there */
	return to;
}

struct fdf_str fdf_exe(struct fdf_fence *f)
{
	static const char link[] = "/proc/self/exe";
	ssize_t room = FDF_NEAR_MAX - (ssize_t)f->used_near, n;
	struct fdf_str exe = { f->near + f->used_near, 0 };

	if (__atomic_load_n(&f->exe.len, __ATOMIC_ACQUIRE))
		return f->exe;
	n = sys_readlink(link, (char *)exe.s, (size_t)room);
	if (n == room) { /* may be cut */
		exe.s = f->text + f->used_far;
		n = sys_readlink(link, (char *)exe.s, FDF_TEXT_MAX - f->used_far);
	}
	if (n <= 0) /* no /proc */
		return fdf_str(fdf_real.getauxval ? (const char *)fdf_real.getauxval(AT_EXECFN)
						  : NULL);
	exe.len = (size_t)n;
	f->exe.s = exe.s; /* whoever else is here finds the same */
	__atomic_store_n(&f->exe.len, exe.len, __ATOMIC_RELEASE);
	return exe;
}
