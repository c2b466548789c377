/*
 * otlp.c: a report as logs of OpenTelemetry, in the JSON encoding of OTLP: one request a line, as
 * the Collector's otlpjsonfile receiver reads them (opentelemetry.io/docs/specs/otlp).
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "tools/base/base.h"
#include "tools/render/render.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"

/* Severity numbers of the log data model: the first of INFO, WARN, ERROR, FATAL. */
static const struct {
	int number;
	const char *text;
} severities[FDF_LEVELS] = { [FDF_LOW] = { 9, "INFO" },
			     [FDF_MEDIUM] = { 13, "WARN" },
			     [FDF_HIGH] = { 17, "ERROR" },
			     [FDF_CRITICAL] = { 21, "FATAL" } };

static void add(json_t *attributes, const char *key, const char *text)
{
	if (*text)
		json_array_append_new(attributes, json_pack("{s:s, s:{s:s}}", "key", key, "value",
							    "stringValue", text));
}

/* 64-bit integers are strings in this encoding. */
static void add_number(json_t *attributes, const char *key, unsigned long long n)
{
	char *text = must_printf("%llu", n);

	json_array_append_new(attributes,
			      json_pack("{s:s, s:{s:s}}", "key", key, "value", "intValue", text));
	free(text);
}

/* A record's time, "2026-11-24T11:03:34.123456789Z", as nanoseconds since 1970; "0": there is none. */
static char *nanoseconds(const char *time)
{
	struct tm tm = { 0 };
	const char *rest = strptime(time, "%Y-%m-%dT%H:%M:%S", &tm);

	if (!rest || rest[0] != '.' || strspn(rest + 1, "0123456789") != 9)
		return must_dup("0");
	return must_printf("%lld%.9s", (long long)timegm(&tm), rest + 1);
}

static json_t *attributes_of(const struct cause *c)
{
	json_t *a = json_array();
	char *print = finding_print(c), *numbers = finding_numbers(c);

	add(a, "event.name", "fdfence.leak");
	add(a, "process.executable.path", c->exe);
	add_number(a, "process.pid", (unsigned long long)c->first.pid);
	add(a, "fdfence.into", c->into);
	add(a, "fdfence.fds", numbers);
	add(a, "fdfence.type", fdf_type_name(c->type));
	add(a, "fdfence.access", c->access);
	add(a, "fdfence.what", c->what);
	add(a, "fdfence.outcome", leak_outcome_name(c->outcome));
	add(a, "fdfence.verdict", fdf_verdict_name(c->verdict));
	add(a, "fdfence.reason", fdf_reason_name(c->reason));
	add(a, "fdfence.severity", fdf_level_name((enum fdf_level)c->severity.level));
	add(a, "fdfence.danger", fdf_danger_name((enum fdf_danger)c->severity.danger));
	add(a, "fdfence.fingerprint", print);
	add_number(a, "fdfence.times", c->times);
	free(print);
	free(numbers);
	return a;
}

static json_t *log_record(const struct cause *c)
{
	char *text = finding_message(c);
	char *time = nanoseconds(c->first.time);
	json_t *o = json_pack("{s:s, s:s, s:i, s:s, s:{s:s}, s:o}", "timeUnixNano", time,
			      "observedTimeUnixNano", time, "severityNumber",
			      severities[c->severity.level].number, "severityText",
			      severities[c->severity.level].text, "body", "stringValue", text,
			      "attributes", attributes_of(c));

	free(text);
	free(time);
	return o;
}

static json_t *gap_record(const struct gap *g)
{
	const char *event = gap_is_asked(g->kind) ? "fdfence.left_out" : "fdfence.not_seen";
	enum fdf_level level = gap_is_asked(g->kind) ? FDF_LOW : FDF_MEDIUM;
	json_t *a = json_array();

	add(a, "event.name", event);
	add(a, "process.executable.path", g->program);
	add(a, event, gap_name(g->kind));
	add_number(a, "fdfence.times", g->n);
	return json_pack("{s:s, s:s, s:i, s:s, s:{s:s}, s:o}", "timeUnixNano", "0",
			 "observedTimeUnixNano", "0", "severityNumber", severities[level].number,
			 "severityText", severities[level].text, "body", "stringValue", g->text,
			 "attributes", a);
}

void render_otlp(FILE *out, const struct report *r)
{
	struct gaps gaps = gaps_of(r);
	json_t *records = json_array(), *resource = json_array(), *o;

	for (size_t i = 0; i < r->ncauses; i++)
		json_array_append_new(records, log_record(r->causes[i]));
	for (size_t i = 0; i < gaps.n; i++)
		json_array_append_new(records, gap_record(&gaps.list[i]));
	gaps_free(&gaps);
	add(resource, "service.name", "fdfence");
	add(resource, "service.version", FDFENCE_VERSION);
	o = json_pack("{s:[{s:{s:o}, s:[{s:{s:s, s:s}, s:o}]}]}", "resourceLogs", "resource",
		      "attributes", resource, "scopeLogs", "scope", "name", "fdfence", "version",
		      FDFENCE_VERSION, "logRecords", records);
	json_dumpf(o, out, JSON_COMPACT);
	fputc('\n', out);
	json_decref(o);
}
