/* fileactions.c: see fileactions.h. */
#include "preload/start/fileactions.h"

struct glibc_actions {
	int allocated, used;
	const struct glibc_action *list;
	int pad[16];
};

struct glibc_action {
	int tag;
	union {
		int fd; /* close, fchdir, closefrom, tcsetpgrp */
		struct {
			int fd, newfd;
		} dup2;
		struct {
			int fd;
			const char *path;
			int oflag;
			mode_t mode;
		} open;
		const char *path; /* chdir */
	} u;
};

struct musl_actions {
	int pad0[2];
	const struct musl_action *newest;
	int pad[16];
};

/* src/process/fdop.h, FDOP_* */
enum { MUSL_CLOSE = 1, MUSL_DUP2, MUSL_OPEN, MUSL_CHDIR, MUSL_FCHDIR };

struct musl_action {
	const struct musl_action *next, *prev;
	int cmd, fd, srcfd, oflag;
	mode_t mode;
	char path[];
};

static bool next_glibc(const struct glibc_actions *fa, struct fdf_cursor *c,
		       struct fdf_fileaction *out)
{
	const struct glibc_action *a;

	if (c->n >= fa->used || fa->used > fa->allocated)
		return false;
	a = &fa->list[c->n++];
	out->kind = a->tag; /* our order is glibc's */
	switch (a->tag) {
	case FDF_DO_DUP2:
		out->fd = a->u.dup2.fd;
		out->newfd = a->u.dup2.newfd;
		return true;
	case FDF_DO_OPEN:
		out->fd = a->u.open.fd;
		out->path = a->u.open.path;
		out->oflag = a->u.open.oflag;
		out->mode = a->u.open.mode;
		return true;
	case FDF_DO_CHDIR:
		out->path = a->u.path;
		return true;
	case FDF_DO_CLOSE:
	case FDF_DO_FCHDIR:
	case FDF_DO_CLOSEFROM:
	case FDF_DO_TCSETPGRP:
		out->fd = a->u.fd;
		return true;
	}
	return false;
}

static bool next_musl(const struct musl_actions *fa, struct fdf_cursor *c,
		      struct fdf_fileaction *out)
{
	static const uint8_t kind[] = {
		[MUSL_CLOSE] = FDF_DO_CLOSE,   [MUSL_DUP2] = FDF_DO_DUP2,
		[MUSL_OPEN] = FDF_DO_OPEN,     [MUSL_CHDIR] = FDF_DO_CHDIR,
		[MUSL_FCHDIR] = FDF_DO_FCHDIR,
	};
	const struct musl_action *a = c->at;

	if (!c->started) { /* the oldest is the last of the list */
		for (a = fa->newest; a && a->next; a = a->next)
			;
		c->started = true;
	} else {
		a = a->prev;
	}
	c->at = a;
	if (!a || a->cmd < MUSL_CLOSE || a->cmd > MUSL_FCHDIR)
		return false;
	c->n++;
	out->kind = kind[a->cmd];
	out->fd = a->cmd == MUSL_DUP2 ? a->srcfd : a->fd;
	out->newfd = a->fd;
	out->oflag = a->oflag;
	out->mode = a->mode;
	out->path = a->path;
	return true;
}

bool fdf_fileaction_next(const void *fa, bool glibc, struct fdf_cursor *c,
			 struct fdf_fileaction *out)
{
	*out = (struct fdf_fileaction){ .fd = -1, .newfd = -1 };
	if (!fa)
		return false;
	return glibc ? next_glibc(fa, c, out) : next_musl(fa, c, out);
}

bool fdf_fileactions_settle(const void *fa, bool glibc, int fd)
{
	struct fdf_cursor c = { 0 };
	struct fdf_fileaction a;

	while (fdf_fileaction_next(fa, glibc, &c, &a))
		if (a.kind == FDF_DO_CLOSE || a.kind == FDF_DO_OPEN ? a.fd == fd
		    : a.kind == FDF_DO_DUP2			    ? a.newfd == fd
		    : a.kind == FDF_DO_CLOSEFROM		    ? a.fd <= fd
								    : false)
			return true;
	return false;
}

/* Room that no libc uses today must be zero, as its init leaves it. */
static bool sane(const void *fa, bool glibc)
{
	const struct glibc_actions *g = fa;

	for (int i = 0; glibc && i < 16; i++)
		if (g->pad[i])
			return false;
	return !glibc || (g->used >= 0 && g->used <= g->allocated && (g->list || !g->used));
}

static int total(const void *fa, bool glibc)
{
	const struct musl_action *a;
	int n = 0;

	if (glibc)
		return ((const struct glibc_actions *)fa)->used;
	for (a = ((const struct musl_actions *)fa)->newest; a; a = a->next)
		n++;
	return n;
}

struct fdf_fileactions fdf_fileactions_read(const void *fa, bool glibc)
{
	struct fdf_fileactions r = { .known = true, .source = -1 };
	struct fdf_cursor c = { 0 };
	struct fdf_fileaction a;

	if (!fa)
		return r;
	if (!sane(fa, glibc)) {
		r.known = false;
		return r;
	}
	while (fdf_fileaction_next(fa, glibc, &c, &a)) {
		int target = a.kind == FDF_DO_DUP2 ? a.newfd : a.kind == FDF_DO_OPEN ? a.fd : -1;

		/* closefrom names a bound; what it closes needs not be there */
		if (a.kind != FDF_DO_CLOSEFROM && a.fd > r.source)
			r.source = a.fd;
		r.places |= target > 2;
		r.leads |=
			a.kind == FDF_DO_OPEN || a.kind == FDF_DO_CHDIR || a.kind == FDF_DO_FCHDIR;
	}
	r.known = c.n == total(fa, glibc);
	return r;
}

bool fdf_attr_known(const struct fdf_attr *a, bool glibc)
{
	unsigned known = 2 * (glibc ? FDF_SPAWN_SETCGROUP : FDF_SPAWN_SETSID) - 1;

	return !a || (!a->high && !(a->flags & ~known));
}
