/*
 * reach.c: what the new image could have had without a descriptor.
 */
#include "preload/core/linux.h"
#include "preload/core/permission.h"
#include "preload/core/severity.h"
#include "tools/trace/reach.h"

static void way_there(struct trace_fd *f, const struct fdf_asker *a)
{
	struct fdf_reach *r = &f->d.reach;

	if (f->way & FDT_DELETED) { /* without a name it lies nowhere; but ".." leads on */
		r->finds = f->d.type == FDF_DIR ? FDF_NOT_KNOWN : FDF_YES;
		r->passes = FDF_YES;
		return;
	}
	r->finds = f->way & FDT_ROOTED ? FDF_YES : f->way & FDT_OUTSIDE ? FDF_NO : FDF_NOT_KNOWN;
	if (a->dac_override || a->dac_read_search)
		r->passes =
			a->user_ns && f->way & (FDT_BARRED | FDT_DOUBT) ? FDF_NOT_KNOWN : FDF_YES;
	else if (f->way & FDT_BARRED)
		r->passes = FDF_NO;
	else
		r->passes = f->way & FDT_DOUBT ? FDF_NOT_KNOWN : FDF_YES;
}

/* What it has without this descriptor, whoever it is. */
static void has_anyway(struct trace_fd *f)
{
	struct fdf_reach *r = &f->d.reach;

	r->twin = FDF_NO;
	for (int n = 0; n < 3 && r->twin != FDF_YES; n++) {
		unsigned bits = (unsigned)f->facts >> FDT_STD_SHIFT(n);
		struct fdf_fd std = f->d; /* what is the same file is of its type, too */

		std.cloexec = false;
		std.status = (bits & FDT_STD_ACCESS) | (bits & FDT_STD_PATH ? FDF_O_PATH : 0);
		if (bits & FDT_STD_SAME)
			r->twin = (uint8_t)fdf_is_twin(&f->d, &std);
	}
	r->own_tty = f->facts & FDT_OWN_TTY ? FDF_YES : FDF_NO;
	r->seals = (uint8_t)fdf_is_sealed(f->seals == FDT_NO_SEALS ? -1 : f->seals);
	r->locks = f->facts & FDT_LOCKED     ? FDF_YES
		   : f->facts & FDT_UNLOCKED ? FDF_NO
					     : FDF_NOT_KNOWN;
}

static void may_by_itself(struct trace_fd *f, const struct trace_exec *x)
{
	const struct fdt_who *who = &x->begin.who;
	struct fdf_asker a = { .uid = who->uid,
			       .gid = who->gid,
			       .dac_override = who->caps & FDT_DAC_OVERRIDE,
			       .dac_read_search = who->caps & FDT_DAC_READ_SEARCH,
			       .user_ns = who->caps & FDT_USER_NS };
	struct fdf_owner o = { .mode = f->d.mode, .uid = f->uid, .gid = f->gid };

	f->d.reach.reads = (uint8_t)fdf_may_read(&o, &a);
	f->d.reach.writes = (uint8_t)fdf_may_write(&o, &a);
	/* Before the exec, the way is that of who calls it. */
	if (!f->would)
		way_there(f, &a);
}

void trace_reach(struct trace_fd *f, const struct trace_exec *x)
{
	f->d.have |= FDF_HAVE_REACH;
	has_anyway(f);
	if (x)
		may_by_itself(f, x);
}
