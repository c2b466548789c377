/*
 * reach.c: what the new image could have had without a descriptor.
 */
#include "preload/core/permission.h"
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

void trace_reach(struct trace_fd *f, const struct trace_exec *x)
{
	const struct fdt_who *who = &x->begin.who;
	struct fdf_asker a = { .uid = who->uid,
			       .gid = who->gid,
			       .dac_override = who->caps & FDT_DAC_OVERRIDE,
			       .dac_read_search = who->caps & FDT_DAC_READ_SEARCH,
			       .user_ns = who->caps & FDT_USER_NS };
	struct fdf_owner o = { .mode = f->d.mode, .uid = f->uid, .gid = f->gid };

	f->d.have |= FDF_HAVE_REACH;
	f->d.reach.reads = (uint8_t)fdf_may_read(&o, &a);
	f->d.reach.writes = (uint8_t)fdf_may_write(&o, &a);
	f->d.reach.locks = f->way & FDT_UNLOCKED ? FDF_NO : FDF_NOT_KNOWN;
	/* Before the exec, the way is that of who calls it. */
	if (!f->would)
		way_there(f, &a);
}
