/*
 * leak.c: which descriptors of a record are leaks.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/report/leak.h"

bool leak_is(const struct rec_fd *f)
{
	return f->fd > 2 && !f->cloexec && f->verdict != FDF_KEEP && f->reason != FDF_BY_CLOEXEC;
}

bool leak_is_refused(const struct rec *r, const struct rec_fd *f)
{
	bool stopped = r->killed || strcmp(r->source, "trace") != 0;

	return stopped && (f->verdict == FDF_DENY || f->verdict == FDF_ABORT);
}

enum leak_outcome leak_outcome(const struct rec *r, const struct rec_fd *f)
{
	if (r->event == REC_SNAPSHOT)
		return LEAK_WOULD;
	if (leak_is_refused(r, f))
		return LEAK_REFUSED;
	return f->verdict == FDF_SEAL ? LEAK_SEALED : LEAK_LEAKED;
}

const char *leak_outcome_name(enum leak_outcome o)
{
	static const char *const names[LEAK_OUTCOMES] = { [LEAK_LEAKED] = "leaked",
							  [LEAK_SEALED] = "sealed",
							  [LEAK_REFUSED] = "refused",
							  [LEAK_WOULD] = "would-leak" };

	return names[o];
}

bool leak_is_shown(const struct rec *r)
{
	bool any = *r->inexact;

	for (size_t i = 0; i < r->nfds; i++)
		any |= leak_is(&r->fds[i]);
	return any;
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

bool leak_is_strange(const struct rec_fd *f, const struct fdf_policy *p)
{
	bool known = !p;
	char *text;

	if (f->reason == FDF_BY_KEEP)
		return p && !fdf_ranges_have(p->keep, f->fd);
	if (f->reason != FDF_BY_RULE || !p)
		return false;
	text = must_dup(f->by);
	rec_unescape(text);
	for (int i = 0; i < p->nrules && !known; i++)
		known = fdf_str_eq(p->rules[i].text, fdf_str(text));
	free(text);
	return !known;
}
