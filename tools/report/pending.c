/*
 * pending.c: see pending.h.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/records/what.h"
#include "tools/report/pending.h"

enum teller pending_teller(const struct rec *r)
{
	if (!strcmp(r->source, "command"))
		return BY_COMMAND;
	return !strcmp(r->source, "supervisor") ? BY_SUPERVISOR : BY_SHIM;
}

bool pending_again(const struct pending *p, const struct rec *r)
{
	return p && r->event == REC_EXEC && p->by < pending_teller(r) && !strcmp(p->exe, r->exe);
}

static bool is_cause(const struct cause *c, const struct rec_fd *f)
{
	char *what;
	bool same;

	if (c->unlisted)
		return true;
	what = what_text(f);
	same = c->type == f->type && !strcmp(c->what, what);
	free(what);
	return same;
}

bool pending_knows(const struct pending_leak *leaks, size_t n, const struct rec_fd *f)
{
	for (size_t i = 0; i < n; i++)
		if (leaks[i].fd == f->fd && is_cause(leaks[i].cause, f))
			return true;
	return false;
}

enum image_kind pending_image(const struct pending *p)
{
	char *path = must_dup(p->into), *there;
	enum image_kind kind;

	rec_unescape(path);
	there = must_printf("/proc/%d/root%s%s", (int)p->pid, path[0] == '/' ? "" : "/", path);
	kind = paths_image(there, p->uid, p->gid);
	if (kind == IMAGE_UNKNOWN)
		kind = paths_image(path, p->uid, p->gid);
	free(path);
	free(there);
	return kind;
}

bool pending_starts(const struct pending *p, const struct rec *r)
{
	enum image_kind kind;

	if (!p || r->event != REC_START)
		return false;
	if (!*r->exe || !strcmp(r->exe, p->into))
		return true;
	kind = pending_image(p);
	return kind == IMAGE_COVERED || kind == IMAGE_UNKNOWN;
}

void pending_free(struct pending *p)
{
	if (!p)
		return;
	free(p->exe);
	free(p->into);
	free(p->leaks);
	free(p->kept);
	free(p);
}
