/*
 * known.c: check --baseline: what of a report is new.
 */
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/commands/known.h"
#include "tools/report/select.h"

int known_open(struct known *k)
{
	if (k->update && !k->path) {
		say("--update-baseline: expected --baseline FILE, too: which file?");
		return -1;
	}
	if (k->path)
		k->baseline = baseline_read(k->path, k->update);
	return k->path && !k->baseline ? -1 : 0;
}

void known_close(struct known *k)
{
	baseline_free(k->baseline);
	k->baseline = NULL;
}

struct report *known_finish(struct known *k, struct aggregate *a)
{
	struct report *r;

	if (!k->baseline)
		return aggregate_finish(a, NULL, NULL);
	r = aggregate_finish(a, baseline_knows, k->baseline);
	select_new(r);
	r->baseline = k->path;
	r->gone = baseline_gone(k->baseline);
	return r;
}

int known_update(struct known *k, bool complete)
{
	if (!k->update)
		return 0;
	if (!complete)
		say("--update-baseline: this run is not all there is, so what is gone stays in %s",
		    k->path);
	return baseline_update(k->baseline, !complete);
}

bool known_fails(const struct known *k, const struct report *r)
{
	if (k->update)
		return r->lost_causes; /* what is listed is known from now on */
	return r->ncauses > k->max_new || r->lost_causes || (r->leaks && !k->max_new);
}
