/*
 * known.c: check --baseline: what of a report is new.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/inputs.h"
#include "tools/base/output.h"
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

bool known_is_taken(const struct known *k, const struct formats *outputs)
{
	if (!k->update)
		return false;
	for (unsigned i = 0; i < outputs->npaths; i++)
		if (output_is_same(k->path, outputs->path[i])) {
			say("--update-baseline and --output name the same file: %s", k->path);
			return true;
		}
	return inputs_refuse("--baseline", k->path);
}

struct report *known_finish(struct known *k, struct aggregate *a)
{
	struct report *r;

	if (!k->baseline)
		return aggregate_finish(a, NULL, NULL);
	r = aggregate_finish(a, baseline_knows, k->baseline);
	select_new(r, -1);
	r->baseline = k->path;
	r->gone = r->lost_causes ? must_alloc(sizeof(*r->gone)) : baseline_gone(k->baseline);
	return r;
}

/*
 * Was all seen that may leak, and compared?  A static program hands the fence on to those that it starts, so that it
 * alone may leak unseen; below what is not covered for another reason nothing was.
 */
static bool is_complete(const struct report *r)
{
	for (size_t i = 0; i < r->nuncovered; i++)
		if (strcmp(r->uncovered[i]->why, "static") != 0)
			return false;
	return !r->running && !r->lost_causes;
}

int known_update(struct known *k, const struct report *r, bool complete)
{
	if (!k->update)
		return 0;
	complete = complete && is_complete(r);
	if (!complete)
		say("--update-baseline: this run is not all there is, so what is gone stays in %s",
		    k->path);
	return baseline_update(k->baseline, !complete, r);
}

bool known_fails(const struct known *k, const struct report *r)
{
	if (k->update)
		return r->lost_causes; /* what is listed is known from now on */
	return r->ncauses > k->max_new || r->lost_causes || (r->leaks && !k->max_new);
}
