/*
 * prometheus.c: a report in Prometheus' text format 0.0.4, for the textfile collector of the node
 * exporter (prometheus.io/docs/instrumenting/exposition_formats).
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/render/render.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"

struct series {
	char *labels;
	unsigned long n;
};

static void put_label(FILE *out, const char *name, const char *value)
{
	fprintf(out, "%s=\"", name);
	for (; *value; value++) {
		if (*value == '\\' || *value == '"')
			fputc('\\', out);
		fputc(*value, out); /* there are no newlines in a record */
	}
	fputc('"', out);
}

static char *labels_of(const struct cause *c)
{
	const struct {
		const char *name, *value;
	} labels[] = {
		{ "access", c->access },
		{ "danger", fdf_danger_name((enum fdf_danger)c->severity.danger) },
		{ "exe", c->exe },
		{ "into", c->into },
		{ "outcome", leak_outcome_name(c->outcome) },
		{ "severity", fdf_level_name((enum fdf_level)c->severity.level) },
		{ "type", fdf_type_name(c->type) },
		{ "verdict", fdf_verdict_name(c->verdict) },
	};
	char *text, *target = finding_stable(c->what);
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		out_of_memory();
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		put_label(out, labels[i].name, labels[i].value);
		fputc(',', out);
	}
	put_label(out, "what", target);
	fclose(out);
	free(target);
	return text;
}

static int by_labels(const void *a, const void *b)
{
	return strcmp(((const struct series *)a)->labels, ((const struct series *)b)->labels);
}

static void head(FILE *out, const char *name, const char *help)
{
	fprintf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
}

/* Causes that differ in nothing that is a label here are one series. */
static void leaks(FILE *out, const struct report *r)
{
	struct series *s = must_alloc((r->ncauses + 1) * sizeof(*s));
	size_t n = 0;

	for (size_t i = 0; i < r->ncauses; i++)
		s[n++] = (struct series){ labels_of(r->causes[i]), r->causes[i]->times };
	qsort(s, n, sizeof(*s), by_labels);
	head(out, "fdfence_leaks",
	     "Descriptors that nobody meant a new program to have, by cause; outcome=\"leaked\": "
	     "it "
	     "got them.");
	for (size_t i = 0; i < n; i++) {
		if (i + 1 < n && !by_labels(&s[i], &s[i + 1]))
			s[i + 1].n += s[i].n;
		else
			fprintf(out, "fdfence_leaks{%s} %lu\n", s[i].labels, s[i].n);
	}
	for (size_t i = 0; i < n; i++)
		free(s[i].labels);
	free(s);
}

static void by_severity(FILE *out, const struct report *r)
{
	unsigned long n[FDF_LEVELS][LEAK_OUTCOMES] = { 0 };

	if (!r->compared)
		memcpy(n, r->lost_of, sizeof(n));
	for (size_t i = 0; i < r->ncauses; i++)
		n[r->causes[i]->severity.level][r->causes[i]->outcome] += r->causes[i]->times;
	head(out, "fdfence_severity_leaks", "The same by severity and outcome alone.");
	for (int l = 0; l < FDF_LEVELS; l++)
		for (int o = 0; o < LEAK_OUTCOMES; o++)
			fprintf(out, "fdfence_severity_leaks{outcome=\"%s\",severity=\"%s\"} %lu\n",
				leak_outcome_name((enum leak_outcome)o),
				fdf_level_name((enum fdf_level)l), n[l][o]);
}

/* Each kind is there, so that an alert may ask for it before it happens. */
static void not_counted(FILE *out, const struct report *r)
{
	unsigned long n[GAPS] = { 0 };
	struct gaps gaps = gaps_of(r);

	for (size_t i = 0; i < gaps.n; i++)
		n[gaps.list[i].kind] += gaps.list[i].n;
	gaps_free(&gaps);
	head(out, "fdfence_not_seen", "What the report does not know, so that it is not clean.");
	for (enum gap_kind k = 0; k < GAP_BELOW; k++)
		fprintf(out, "fdfence_not_seen{what=\"%s\"} %lu\n", gap_name(k), n[k]);
	head(out, "fdfence_left_out",
	     "Leaks that were not counted, as asked, and whether the environment keeps some.");
	for (enum gap_kind k = GAP_BELOW; k < GAPS; k++)
		fprintf(out, "fdfence_left_out{what=\"%s\"} %lu\n", gap_name(k), n[k]);
}

void render_prometheus(FILE *out, const struct report *r)
{
	leaks(out, r);
	by_severity(out, r);
	head(out, "fdfence_execs", "Execs that were seen.");
	fprintf(out, "fdfence_execs %lu\n", r->execs);
	not_counted(out, r);
}
