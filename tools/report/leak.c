/*
 * leak.c: which descriptors of a record are leaks.
 */
#include <string.h>

#include "tools/report/leak.h"

bool leak_is(const struct rec_fd *f)
{
	return f->fd > 2 && !f->cloexec && f->verdict != FDF_KEEP && f->reason != FDF_BY_CLOEXEC;
}

bool leak_is_refused(const struct rec_fd *f)
{
	return f->verdict == FDF_DENY || f->verdict == FDF_ABORT;
}

bool leak_is_kept(const struct rec *r, const struct rec_fd *f)
{
	return f->fd > 2 && !f->cloexec && f->verdict == FDF_KEEP &&
	       strcmp(r->source, "command") != 0;
}

bool leak_is_excused(const struct rec_fd *f)
{
	return f->reason == FDF_BY_GIVEN || f->reason == FDF_BY_IMAGE ||
	       f->reason == FDF_BY_GENERIC;
}
