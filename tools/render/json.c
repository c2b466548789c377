/*
 * json.c: a report of check for machines: one JSON object.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/render/render.h"
#include "tools/report/gaps.h"
#include "tools/report/headline.h"

static void put(json_t *o, const char *name, const char *text)
{
	if (*text)
		json_object_set_new(o, name, json_string(text));
}

static json_t *cause(const struct cause *c)
{
	json_t *o = json_object(), *fds = json_array();
	unsigned i;

	put(o, "exe", c->exe);
	put(o, "into", c->into);
	put(o, "type", fdf_type_name(c->type));
	put(o, "access", c->access);
	put(o, "what", c->what);
	if (c->verdict != FDF_KEEP)
		put(o, "outcome", leak_outcome_name(c->outcome));
	put(o, "verdict", fdf_verdict_name(c->verdict));
	put(o, "reason", fdf_reason_name(c->reason));
	put(o, "note", c->note);
	put(o, "severity", fdf_level_name((enum fdf_level)c->severity.level));
	put(o, "danger", fdf_danger_name((enum fdf_danger)c->severity.danger));
	put(o, "severity_why", fdf_danger_text((enum fdf_danger)c->severity.danger));
	if (c->severity.at_least)
		json_object_set_new(o, "at_least", json_true());
	for (i = 0; i < c->nfds; i++)
		json_array_append_new(fds, json_integer(c->fds[i]));
	json_object_set_new(o, "fds", fds);
	if (c->more_fds)
		json_object_set_new(o, "more_fds", json_true());
	json_object_set_new(o, "times", json_integer((json_int_t)c->times));
	if (!c->outside)
		put(o, "rule", c->rule);
	if (c->origin.facts) {
		json_object_set(o, "origin", c->origin.facts);
		put(o, "opened_at", c->origin.place);
	}
	json_object_set_new(o, "first", cause_first(c));
	return o;
}

static json_t *list(struct cause **causes, size_t n)
{
	json_t *a = json_array();
	size_t i;

	for (i = 0; i < n; i++)
		json_array_append_new(a, cause(causes[i]));
	return a;
}

static json_t *uncovered(const struct report *r)
{
	json_t *a = json_array();
	size_t i;

	for (i = 0; i < r->nuncovered; i++)
		json_array_append_new(a, json_pack("{s:s, s:s, s:I}", "path", r->uncovered[i]->path,
						   "why", r->uncovered[i]->why, "execs",
						   (json_int_t)r->uncovered[i]->times));
	return a;
}

static json_t *gap_list(const struct report *r, bool asked)
{
	json_t *a = json_array();
	struct gaps gaps = gaps_of(r);

	for (size_t i = asked ? gaps.unseen : 0; i < (asked ? gaps.n : gaps.unseen); i++) {
		json_t *o =
			json_pack("{s:s, s:I, s:s}", "what", gap_name(gaps.list[i].kind), "count",
				  (json_int_t)gaps.list[i].n, "text", gaps.list[i].text);

		put(o, "program", gaps.list[i].program);
		json_array_append_new(a, o);
	}
	gaps_free(&gaps);
	return a;
}

/* Arguments and names of files are bytes. */
static json_t *words(char *const *bytes)
{
	json_t *a = json_array();
	char *plain;

	for (; *bytes; bytes++) {
		plain = escaped(fdf_str(*bytes));
		json_array_append_new(a, json_string(plain));
		free(plain);
	}
	return a;
}

/* Lines of files of rules, which have escapes of their own. */
static json_t *lines(char *const *line)
{
	json_t *a = json_array();

	for (; *line; line++) {
		json_t *s = json_string(*line);

		json_array_append_new(a, s ? s : json_string("?"));
	}
	return a;
}

static json_t *tally(const struct report *r)
{
	struct tally *t = must_alloc(r->nkept * sizeof(*t));
	size_t n = causes_tally(r->kept, r->nkept, t), i;
	json_t *o = json_object();

	for (i = 0; i < n; i++)
		json_object_set_new(o, t[i].label, json_integer((json_int_t)t[i].n));
	free(t);
	return o;
}

static json_t *outcomes(const struct report *r)
{
	struct outcomes n = outcomes_of(r);
	json_t *o = json_object();

	for (int i = 0; i < LEAK_OUTCOMES; i++)
		json_object_set_new(o, leak_outcome_name((enum leak_outcome)i),
				    json_integer((json_int_t)n.n[i]));
	return o;
}

json_t *render_object(const struct report *r)
{
	json_t *o = json_object();
	const struct {
		const char *name;
		unsigned long n;
	} counts[] = {
		{ "execs", r->execs },
		{ "leaks", r->leaks },
		{ "leaks_below", r->below },
		{ "leaks_not_listed", r->lost_causes },
		{ "records_lost", r->dropped },
		{ "datagrams_refused", r->refused + r->broken },
		{ "datagrams_foreign", r->foreign },
		{ "descriptors_not_listed", r->more },
		{ "inexact", r->inexact },
		{ "still_running", r->running },
		{ "kept_not_listed", r->kept_not_listed },
		{ "snapshots", r->snapshots },
		{ "lines_skipped", r->skipped },
	};
	char *first = headline(r);
	size_t i;

	json_object_set_new(o, "report",
			    json_string(r->recorded ? "fdfence report" : "fdfence check"));
	json_object_set_new(o, "version", json_integer(1));
	json_object_set_new(o, r->recorded ? "files" : "command", words(r->cmd));
	if (!r->recorded) {
		json_object_set_new(o, "status", json_integer(r->status));
		json_object_set_new(o, "sealed", json_boolean(r->sealed));
	}
	put(o, "headline", first);
	free(first);
	put(o, "min_severity", fdf_level_name(r->min));
	/* What is of records alone stands last. */
	for (i = 0; i < sizeof(counts) / sizeof(counts[0]) - (r->recorded ? 0 : 2); i++)
		json_object_set_new(o, counts[i].name, json_integer((json_int_t)counts[i].n));
	json_object_set_new(o, "outcomes", outcomes(r));
	if (r->baseline) {
		json_object_set_new(o, "known", json_integer((json_int_t)r->known));
		json_object_set_new(o, "known_leaks", json_integer((json_int_t)r->known_leaks));
		json_object_set_new(o, "gone", lines(r->gone));
	}
	json_object_set_new(o, "causes", list(r->causes, r->ncauses));
	json_object_set_new(o, "outside", list(r->outside, r->noutside));
	json_object_set_new(o, "kept_for", tally(r));
	json_object_set_new(o, "kept", list(r->kept, r->nkept));
	json_object_set_new(o, "unused_rules", lines(r->unused));
	json_object_set_new(o, "not_covered", uncovered(r));
	json_object_set_new(o, "not_seen", gap_list(r, false));
	json_object_set_new(o, "left_out", gap_list(r, true));
	return o;
}

void render_json(FILE *out, const struct report *r)
{
	json_t *o = render_object(r);

	json_dumpf(o, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(o);
}
