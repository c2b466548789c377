/* set.c: see set.h. */
#include <errno.h>

#include "preload/core/bits.h"
#include "preload/lib/set.h"
#include "preload/raw/sys.h"

int fdf_set_add(struct fdf_set *s, int fd)
{
	size_t bit = (size_t)fd % FDF_LONG_BITS, base = (size_t)fd - bit;

	if (s->n == 0 || s->block[s->n - 1].base != base) {
		if (s->n == s->room)
			return -ENOSPC;
		s->block[s->n++] = (struct fdfence_undo){ base, 0 };
	}
	s->block[s->n - 1].bits |= 1UL << bit;
	return 0;
}

int fdf_set_grow(struct fdf_set *s)
{
	size_t room = 4 * s->room, len = room * sizeof *s->block;
	struct fdfence_undo *more = sys_mmap_anon(len);

	if (!more)
		return -ENOMEM;
	for (size_t i = 0; i < s->n; i++)
		more[i] = s->block[i];
	fdf_set_free(s);
	s->block = more;
	s->room = room;
	s->mapped = len;
	return 0;
}

void fdf_set_free(struct fdf_set *s)
{
	if (s->mapped)
		sys_munmap(s->block, s->mapped);
}
