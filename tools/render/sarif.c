/*
 * sarif.c: a report as SARIF 2.1.0 (docs.oasis-open.org/sarif/sarif/v2.1.0).
 *
 * One rule, since one thing is wrong; how bad it is, is the level of each result.  A result lies
 * where it was opened (--origins), else where the program does that leaks.
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/render/render.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"

#define RULE	   "FD-LEAK-EXEC"
#define SCHEMA	   "https://json.schemastore.org/sarif-2.1.0-rtm.5.json"
#define CWE	   "403"
#define CWE_URI	   "https://cwe.mitre.org/data/definitions/403.html"
#define SHORT_TEXT "A descriptor that nobody meant to pass on crosses an exec."
#define FULL_TEXT                                                                           \
	"A program was started and holds an open file, socket or pipe of the program that " \
	"started it, which was neither close-on-exec nor meant for it (CWE-403)."
#define HELP_TEXT                                                                               \
	"Open it with O_CLOEXEC (SOCK_CLOEXEC, MFD_CLOEXEC, mode \"e\" of fopen), or close it " \
	"in the child before the exec. If it is meant, say so with the keep rule that is in "   \
	"the result's properties: fdfence check --rules FILE."
#define HELP_MARKDOWN                                                                            \
	"Open it with `O_CLOEXEC` (`SOCK_CLOEXEC`, `MFD_CLOEXEC`, mode `\"e\"` of `fopen`), or " \
	"close it in the child before the exec. If it is meant, say so with the `keep` rule "    \
	"that is in the result's properties: `fdfence check --rules FILE`."

static json_t *message(const char *text)
{
	return json_pack("{s:s}", "text", text);
}

/* CWE as a taxonomy that the rule points to. */
static json_t *taxonomy(void)
{
	return json_pack("{s:s, s:s, s:s, s:{s:s}, s:[{s:s, s:s, s:s, s:{s:s}}]}", "name", "CWE",
			 "organization", "MITRE", "informationUri", "https://cwe.mitre.org/",
			 "shortDescription", "text", "Common Weakness Enumeration", "taxa", "id",
			 CWE, "name", "CWE-" CWE, "helpUri", CWE_URI, "shortDescription", "text",
			 "Exposure of File Descriptor to Unintended Control Sphere");
}

static json_t *rule(void)
{
	json_t *target = json_pack("{s:s, s:i, s:{s:s, s:i}}", "id", CWE, "index", 0,
				   "toolComponent", "name", "CWE", "index", 0);

	return json_pack(
		"{s:s, s:s, s:{s:s}, s:{s:s}, s:{s:s, s:s}, s:s, s:{s:s}, s:{s:[s, s], s:s, s:s}, "
		"s:[{s:o, s:[s]}]}",
		"id", RULE, "name", "DescriptorLeaksIntoExec", "shortDescription", "text",
		SHORT_TEXT, "fullDescription", "text", FULL_TEXT, "help", "text", HELP_TEXT,
		"markdown", HELP_MARKDOWN, "helpUri", CWE_URI, "defaultConfiguration", "level",
		"warning", "properties", "tags", "security", "external/cwe/cwe-" CWE, "precision",
		"high", "security-severity", "7.0", "relationships", "target", target, "kinds",
		"superset");
}

/* The name of a file, as the record has it, as the URI of its bytes (RFC 3986, RFC 8089). */
static char *uri_of(const char *plain)
{
	char *path = must_dup(plain), *uri = must_alloc(3 * strlen(plain) + 8), *to = uri;
	size_t len = rec_unescape(path);

	to += sprintf(to, "%s", path[0] == '/' ? "file://" : "");
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)path[i];

		if (isalnum(c) || strchr("/-._~", c))
			*to++ = (char)c;
		else
			to += sprintf(to, "%%%02X", c);
	}
	*to = '\0';
	free(path);
	return uri;
}

static json_t *location(const struct cause *c)
{
	char *uri = uri_of(c->exe);
	json_t *l = json_pack("{s:{s:{s:s}}, s:[{s:s, s:s, s:s}]}", "physicalLocation",
			      "artifactLocation", "uri", *uri ? uri : "unknown", "logicalLocations",
			      "name", finding_program(c->exe), "fullyQualifiedName",
			      *c->exe ? c->exe : "?", "kind", "module");

	free(uri);
	if (c->origin.line) {
		json_t *place = json_object_get(l, "physicalLocation");

		char *source = finding_source(c);

		uri = uri_of(source);
		free(source);
		json_object_set_new(place, "artifactLocation", json_pack("{s:s}", "uri", uri));
		json_object_set_new(place, "region",
				    json_pack("{s:i}", "startLine", (int)c->origin.line));
		free(uri);
	}
	return l;
}

static const char *level(const struct cause *c)
{
	static const char *const levels[FDF_LEVELS] = { [FDF_LOW] = "note",
							[FDF_MEDIUM] = "warning",
							[FDF_HIGH] = "error",
							[FDF_CRITICAL] = "error" };

	return levels[c->severity.level];
}

static json_t *properties(const struct cause *c)
{
	json_t *p = json_pack("{s:s, s:s, s:s, s:s, s:s}", "severity",
			      fdf_level_name((enum fdf_level)c->severity.level), "exe", c->exe,
			      "into", c->into, "type", fdf_type_name(c->type), "what", c->what);

	if (c->severity.danger)
		json_object_set_new(
			p, "danger",
			json_string(fdf_danger_name((enum fdf_danger)c->severity.danger)));
	if (c->severity.at_least)
		json_object_set_new(p, "atLeast", json_true());
	if (*c->rule)
		json_object_set_new(p, "rule", json_string(c->rule));
	if (c->origin.facts)
		json_object_set(p, "origin", c->origin.facts);
	json_object_set_new(p, "first", cause_first(c));
	return p;
}

static json_t *result(const struct cause *c, bool compared)
{
	char *print = finding_print(c), *text = finding_message(c);
	json_t *o = json_pack("{s:s, s:i, s:s, s:s, s:o, s:[o], s:{s:s}, s:I, s:o}", "ruleId", RULE,
			      "ruleIndex", 0, "level", level(c), "kind", "fail", "message",
			      message(text), "locations", location(c), "partialFingerprints",
			      "fdfenceLeak/v1", print, "occurrenceCount", (json_int_t)c->times,
			      "properties", properties(c));

	if (compared)
		json_object_set_new(o, "baselineState", json_string("new"));
	free(print);
	free(text);
	return o;
}

static json_t *results(const struct report *r)
{
	json_t *a = json_array();

	for (size_t i = 0; i < r->ncauses; i++)
		json_array_append_new(a, result(r->causes[i], r->baseline != NULL));
	return a;
}

static json_t *arguments(char *const *cmd)
{
	json_t *a = json_array();

	for (; *cmd; cmd++) {
		char *plain = escaped(fdf_str(*cmd));

		json_array_append_new(a, json_string(plain));
		free(plain);
	}
	return a;
}

/* What was not seen is not clean: who reads the results sees these beside them. */
static json_t *notifications(const struct report *r)
{
	json_t *a = json_array();
	struct gaps gaps = gaps_of(r);

	for (size_t i = 0; i < gaps.n; i++)
		json_array_append_new(
			a, json_pack("{s:{s:s}, s:s, s:o}", "descriptor", "id",
				     gap_name(gaps.list[i].kind), "level",
				     gap_is_asked(gaps.list[i].kind) ? "note" : "warning",
				     "message", message(gaps.list[i].text)));
	gaps_free(&gaps);
	return a;
}

static json_t *run(const struct report *r)
{
	json_t *driver =
		json_pack("{s:s, s:s, s:s, s:[o]}", "name", "fdfence", "version", FDFENCE_VERSION,
			  "semanticVersion", FDFENCE_VERSION, "rules", rule());
	json_t *invocation = json_pack("{s:b, s:i, s:o, s:o}", "executionSuccessful", true,
				       "exitCode", r->status, "arguments", arguments(r->cmd),
				       "toolExecutionNotifications", notifications(r));

	return json_pack("{s:{s:o}, s:[o], s:[o], s:s, s:o}", "tool", "driver", driver,
			 "invocations", invocation, "taxonomies", taxonomy(), "columnKind",
			 "unicodeCodePoints", "results", results(r));
}

void render_sarif(FILE *out, const struct report *r)
{
	json_t *o = json_pack("{s:s, s:s, s:[o]}", "$schema", SCHEMA, "version", "2.1.0", "runs",
			      run(r));

	json_dumpf(o, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(o);
}
