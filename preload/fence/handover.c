/* handover.c: see handover.h.  Runs in vfork children; no memory but the caller's. */
#include <linux/auxvec.h>

#include "preload/core/hash.h"
#include "preload/core/text.h"
#include "preload/fence/given.h"
#include "preload/fence/handover.h"
#include "preload/raw/libc.h"
#include "preload/raw/sys.h"

static uint32_t hash(uint32_t h, const char *s)
{
	return fdf_hash32(h, s, fdf_str(s).len);
}

/* The name that the kernel gives the file: fs/exec.c, alloc_bprm(). */
static uint32_t name_hash(int dirfd, const char *path)
{
	char buf[24];
	struct fdf_text m = { .p = buf, .end = buf + sizeof buf };
	uint32_t h;

	if (dirfd == AT_FDCWD || path[0] == '/')
		return hash(FDF_HASH32_START, path);
	fdf_putf(&m, "/dev/fd/%u", dirfd);
	fdf_putc(&m, 0);
	h = hash(FDF_HASH32_START, buf);
	return path[0] ? hash(hash(h, "/"), path) : h;
}

void fdf_handover_read(struct fdf_fence *f, const char *state)
{
	const char *s = state ? state + sizeof FDF_HANDOVER - 1 : "", *name;
	bool fresh = *s && fdf_take_number(&s) == (uint32_t)f->pid && *s++ == '.';
	uint32_t v[4] = { 0 };

	for (int i = 0; fresh && i < 4; i++) {
		v[i] = fdf_take_number(&s);
		fresh = *s == (i < 3 ? '.' : 0);
		s += fresh && i < 3;
	}
	name = fdf_real.getauxval ? (const char *)fdf_real.getauxval(AT_EXECFN) : NULL;
	if (fresh && name && v[0] == hash(FDF_HASH32_START, name)) {
		f->dropped = v[1];
		f->warned = v[2];
		/* for an interpreter the kernel opens more (binfmt_misc with the flag O) */
		if (!v[3] && !fdf_real.getauxval(AT_EXECFD))
			return;
	}
	fdf_given_read(f);
}

void fdf_handover_spoil(char *state)
{
	char *pid = state + sizeof FDF_HANDOVER - 1;

	if (*pid)
		*pid = 'x'; /* no number, and no shorter than before */
}

void fdf_handover_write(const struct fdf_fence *f, char buf[FDF_HANDOVER_LEN], int pid, int dirfd,
			const char *path, bool given)
{
	struct fdf_text m = { .p = buf, .end = buf + FDF_HANDOVER_LEN };

	fdf_putf(&m, FDF_HANDOVER "%u.%u.%u.%u.%u", pid, name_hash(dirfd, path),
		 __atomic_load_n(&f->dropped, __ATOMIC_RELAXED), f->warned, given);
	fdf_putc(&m, 0);
}
