/* recorded.c: see recorded.h. */
#include <string.h>

#include "tools/commands/recorded.h"
#include "tools/report/select.h"
#include "tools/start/tree.h"

int recorded_open(struct recorded *r, const struct formats *asked, enum output_color color)
{
	static const struct filter none = FILTER_NONE; /* who makes the records has filtered */

	*r = (struct recorded){ .outputs.asked = *asked };
	if (!asked->nformats)
		return 0;
	if (outputs_open(&r->outputs, color))
		return -1;
	r->merge = merge_new(&none, false);
	return 0;
}

void recorded_take(void *ctx, const char *line, size_t len)
{
	struct recorded *r = ctx;
	size_t n;

	for (; len; line += n, len -= n) {
		n = (size_t)((const char *)memchr(line, '\n', len) - line) + 1;
		if (merge_take(r->merge, line, n - 1))
			r->refused++;
	}
}

int recorded_write(struct recorded *r, const char *by, char **what,
		   const struct recorded_gaps *gaps)
{
	struct report *report;
	int bad;

	if (!r->merge)
		return 0;
	report = merge_finish(r->merge, NULL, NULL);
	report->by = by;
	report->cmd = what;
	report->skipped = r->refused;
	report->dropped += gaps->lost;
	report->unseen += gaps->unseen;
	report->filters = gaps->filters;
	report->environment = gaps->environment;
	select_severity(report, (enum fdf_level)gaps->min_severity);
	report->running = gaps->running;
	report->running_more = gaps->running && !tree_counted();
	bad = outputs_render(&r->outputs, report, (struct render_options){ 0 });
	merge_free(r->merge);
	r->merge = NULL;
	return bad;
}

void recorded_close(struct recorded *r)
{
	if (!r->merge)
		return;
	outputs_abandon(&r->outputs);
	merge_free(r->merge);
	r->merge = NULL;
}

void recorded_remarks(const struct recorded_gaps *gaps, const struct recorded_sums *sums,
		      bool quiet)
{
	struct report said = { .min = (enum fdf_level)gaps->min_severity,
			       .nkept = sums->kept,
			       .below = sums->below,
			       .below_open = sums->below_open,
			       .filters = gaps->filters,
			       .environment = gaps->environment };

	render_remarks(stderr, &said, quiet);
}
