/*
 * permission.c: see permission.h.  Part of the pure core: no allocation, nothing writable of its
 * own, no call out.
 */
#include "preload/core/permission.h"

enum { OTHERS = 0, GROUP = 3, OWNER = 6 }; /* where the three bits of each stand */
enum { SEARCH = 1, WRITE = 2, READ = 4 };

static bool grants(const struct fdf_owner *f, int who, uint32_t want)
{
	return f->mode >> who & want;
}

static enum fdf_answer by_mode(const struct fdf_owner *f, const struct fdf_asker *a, uint32_t want)
{
	bool group = grants(f, GROUP, want), others = grants(f, OTHERS, want);

	if (f->uid == a->uid)
		return grants(f, OWNER, want) ? FDF_YES : FDF_NO;
	if (f->gid == a->gid)
		return group ? FDF_YES : FDF_NO;
	return group == others ? (others ? FDF_YES : FDF_NO) : FDF_NOT_KNOWN;
}

static enum fdf_answer may(const struct fdf_owner *f, const struct fdf_asker *a, uint32_t want)
{
	enum fdf_answer mode = by_mode(f, a, want);

	if (mode == FDF_YES || !(a->dac_override || (want != WRITE && a->dac_read_search)))
		return mode;
	return a->user_ns ? FDF_NOT_KNOWN : FDF_YES;
}

enum fdf_answer fdf_may_read(const struct fdf_owner *f, const struct fdf_asker *a)
{
	return may(f, a, READ);
}

enum fdf_answer fdf_may_write(const struct fdf_owner *f, const struct fdf_asker *a)
{
	return may(f, a, WRITE);
}

enum fdf_answer fdf_may_search(const struct fdf_owner *f, const struct fdf_asker *a)
{
	return may(f, a, SEARCH);
}
