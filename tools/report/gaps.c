/*
 * gaps.c: see gaps.h.
 */
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"

static const struct {
	const char *name, *title;
} kinds[GAPS] = {
	[GAP_UNCOVERED] = { "not-covered", "not covered" },
	[GAP_INEXACT] = { "inexact", "sealing was not exact" },
	[GAP_CUT] = { "descriptors-not-listed", "descriptors not listed" },
	[GAP_UNLISTED] = { "leaks-not-listed", "leaks not listed" },
	[GAP_LOST] = { "records-lost", "records lost" },
	[GAP_UNSUPERVISED] = { "supervisor-killed", "supervisor killed" },
	[GAP_RUNNING] = { "still-running", "still running" },
	[GAP_UNSEEN] = { "processes-not-seen", "processes not seen" },
	[GAP_REFUSED] = { "datagrams-refused", "datagrams refused" },
	[GAP_SKIPPED] = { "lines-skipped", "lines skipped" },
	[GAP_SEVERITY] = { "severity-open", "severity not known" },
	[GAP_BELOW] = { "below-severity", "less severe, not counted" },
	[GAP_FILTERED] = { "filtered", "not asked for" },
	[GAP_KNOWN] = { "known", "known, not counted" },
	[GAP_ENVIRONMENT] = { "environment", "kept by the environment" },
};

const char *gap_name(enum gap_kind kind)
{
	return kinds[kind].name;
}

bool gap_is_asked(enum gap_kind kind)
{
	return kind >= GAP_BELOW;
}

const char *gap_title(enum gap_kind kind)
{
	return kinds[kind].title;
}

char *gap_print(const struct gap *g)
{
	char *program = finding_place(g->program);
	char *print = finding_digest((const char *[]){ gap_name(g->kind), program }, 2);

	free(program);
	return print;
}

static const char *s(unsigned long n)
{
	return n == 1 ? "" : "s";
}

/* text is taken over; n 0: there is no such gap. */
static void add(struct gaps *g, enum gap_kind kind, unsigned long n, char *text)
{
	if (!n) {
		free(text);
		return;
	}
	g->list[g->n++] = (struct gap){ kind, "", n, text };
	g->unseen += !gap_is_asked(kind);
}

static void add_uncovered(struct gaps *g, const struct uncovered *u)
{
	add(g, GAP_UNCOVERED, u->times,
	    must_printf("not covered: %lu exec%s of %s (%s)", u->times, s(u->times), u->path,
			u->why));
	g->list[g->n - 1].program = u->path;
}

struct gaps gaps_of(const struct report *r)
{
	struct gaps g = { .list = must_alloc((r->nuncovered + GAPS) * sizeof(*g.list)) };
	unsigned long refused = r->refused + r->broken;

	for (size_t i = 0; i < r->nuncovered; i++)
		add_uncovered(&g, r->uncovered[i]);
	add(&g, GAP_INEXACT, r->inexact,
	    must_printf("sealing was not exact in %lu exec%s: %s", r->inexact, s(r->inexact),
			r->inexact_why ? r->inexact_why : ""));
	add(&g, GAP_CUT, r->more,
	    must_printf("%lu descriptor%s did not fit into their records", r->more, s(r->more)));
	add(&g, GAP_UNLISTED, r->lost_causes,
	    must_printf(r->compared
				? "%lu leak%s beyond %d causes of a severity were not compared: "
				  "known or new"
				: "%lu leak%s beyond %d causes of a severity are not in the table",
			r->lost_causes, s(r->lost_causes), CAUSES_MAX));
	add(&g, GAP_LOST, r->dropped,
	    must_printf("%s%lu record%s lost: their senders could not hand them on",
			r->lost ? "at least " : "", r->dropped, s(r->dropped)));
	add(&g, GAP_UNSUPERVISED, r->unsupervised,
	    must_dup("the supervisor was killed: execs failed from there on (with --supervise=auto "
		     "those that "
		     "it would have judged), and what would have leaked is not known"));
	add(&g, GAP_RUNNING, r->running,
	    must_printf(
		    "%s%u process%s still ran when the command had ended; what %s from there on "
		    "is not in this report%s",
		    r->running_more ? "at least " : "", r->running, r->running == 1 ? "" : "es",
		    r->running == 1 ? "it leaks" : "they leak",
		    r->recorded || r->waited ? "" : " (--wait)"));
	add(&g, GAP_UNSEEN, r->unseen,
	    must_printf("%lu process%s could not be looked at, or not in full", r->unseen,
			r->unseen == 1 ? "" : "es"));
	add(&g, GAP_REFUSED, refused,
	    must_printf("%lu datagram%s refused: not a record", refused, s(refused)));
	add(&g, GAP_SKIPPED, r->skipped,
	    must_printf("%lu line%s skipped, in whole or in part: not a record", r->skipped,
			s(r->skipped)));
	add(&g, GAP_SEVERITY, r->below_open,
	    must_printf("%lu leak%s below %s may be worse than they look: what the new program may "
			"do by itself is not known",
			r->below_open, s(r->below_open), fdf_level_name(r->min)));
	add(&g, GAP_BELOW, r->below,
	    must_printf("%lu leak%s below %s not counted", r->below, s(r->below),
			fdf_level_name(r->min)));
	add(&g, GAP_FILTERED, r->filters != NULL,
	    must_printf("only what was asked for counts: %s", r->filters ? r->filters : ""));
	add(&g, GAP_KNOWN, r->known_leaks,
	    must_printf("known: %zu cause%s with %lu leak%s", r->known, s(r->known), r->known_leaks,
			s(r->known_leaks)));
	add(&g, GAP_ENVIRONMENT, r->environment != NULL,
	    must_printf("the environment is obeyed, too: %s",
			r->environment ? r->environment : ""));
	return g;
}

void gaps_free(struct gaps *g)
{
	for (size_t i = 0; i < g->n; i++)
		free(g->list[i].text);
	free(g->list);
	*g = (struct gaps){ 0 };
}
