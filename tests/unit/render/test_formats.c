/*
 * Each format over one report, to the byte: tests/golden/report.NAME.  The report is made of
 * tests/golden/report.jsonl, whose names are those that somebody would choose who wants to break
 * out of a format.  With FDF_GOLDEN_WRITE=1 the golden files are written anew: read the difference.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/render/format.h"
#include "tools/report/gaps.h"

static struct aggregate *all;
static struct report *report;

static char *slurp(const char *path)
{
	FILE *in = fopen(path, "r");
	char *text = NULL;
	size_t cap = 0;

	cr_assert(in, "%s", path);
	if (getdelim(&text, &cap, '\0', in) < 0)
		text = must_dup("");
	fclose(in);
	return text;
}

/* Where the sources are: the tests run from there. */
static char *golden(const char *name)
{
	return must_printf("tests/golden/report.%s", name);
}

static void load(void)
{
	static char *command[] = { (char *)"make", (char *)"check \"<&>\" \x1b\xff", NULL };
	static char *no_rules[] = { NULL };
	char *path = golden("jsonl"), *lines = slurp(path);

	setenv("TMPDIR", "/tmp", 1);
	all = aggregate_new();
	for (char *line = lines; *line; line += strcspn(line, "\n") + 1)
		aggregate_take(all, 0, line, strcspn(line, "\n") + 1);
	report = aggregate_finish(all, NULL, NULL);
	report->by = "check";
	report->cmd = command;
	report->unused = no_rules;
	report->status = 2;
	cr_assert_eq(report->broken, 0);
	free(path);
	free(lines);
}

static void unload(void)
{
	aggregate_free(all);
}

TestSuite(formats, .init = load, .fini = unload);

/* The golden file says @VERSION@ where the output has the version. */
static char *without_version(const char *text)
{
	const char *at;
	char *out = must_dup("");

	while ((at = strstr(text, FDFENCE_VERSION))) {
		char *longer = must_printf("%s%.*s@VERSION@", out, (int)(at - text), text);

		free(out);
		out = longer;
		text = at + strlen(FDFENCE_VERSION);
	}
	return must_printf("%s%s", out, text);
}

static void is_golden(enum format f, const char *name)
{
	struct render_options o = { .rules = true, .kept = true };
	char *path = golden(name), *text, *plain, *expected;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	render_format(f, out, report, &o);
	fclose(out);
	cr_expect_eq(strlen(text), len);
	plain = without_version(text);
	if (getenv("FDF_GOLDEN_WRITE")) {
		FILE *file = fopen(path, "w");

		fputs(plain, file);
		fclose(file);
	}
	expected = slurp(path);
	cr_expect_str_eq(plain, expected, "%s", path);
	free(path);
	free(text);
	free(plain);
	free(expected);
}

Test(formats, text)
{
	is_golden(FORMAT_TEXT, "txt");
}

Test(formats, json)
{
	is_golden(FORMAT_JSON, "json");
}

Test(formats, sarif)
{
	is_golden(FORMAT_SARIF, "sarif");
}

Test(formats, junit)
{
	is_golden(FORMAT_JUNIT, "junit.xml");
}

Test(formats, github)
{
	is_golden(FORMAT_GITHUB, "github");
}

Test(formats, markdown)
{
	is_golden(FORMAT_MARKDOWN, "markdown");
}

Test(formats, gitlab)
{
	is_golden(FORMAT_GITLAB, "gitlab.json");
}

Test(formats, otlp)
{
	is_golden(FORMAT_OTLP, "otlp.json");
}

Test(formats, prometheus)
{
	is_golden(FORMAT_PROMETHEUS, "prom");
}

/* --- nothing that was not seen is called clean --- */

static char *rendered(enum format f, const struct report *r)
{
	struct render_options o = { 0 };
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	render_format(f, out, r, &o);
	fclose(out);
	return text;
}

static struct report nothing(void)
{
	static char *none[] = { NULL };

	return (struct report){
		.by = "check", .cmd = none, .unused = none, .gone = none, .execs = 7
	};
}

static struct report unknown(enum gap_kind kind)
{
	static struct uncovered u = { .path = (char *)"/x", .why = "static", .times = 3 };
	static struct uncovered *list[] = { &u };
	struct report r = nothing();
	unsigned long *const counts[GAPS] = {
		[GAP_INEXACT] = &r.inexact,	 [GAP_CUT] = &r.more,
		[GAP_UNLISTED] = &r.lost_causes, [GAP_LOST] = &r.dropped,
		[GAP_REFUSED] = &r.broken,	 [GAP_SKIPPED] = &r.skipped,
		[GAP_SEVERITY] = &r.below_open,	 [GAP_UNSEEN] = &r.unseen,
		[GAP_BELOW] = &r.below,		 [GAP_KNOWN] = &r.known_leaks,
	};

	if (kind == GAP_UNCOVERED) {
		r.uncovered = list;
		r.nuncovered = 1;
	} else if (kind == GAP_ENVIRONMENT) {
		r.environment = "FDFENCE_KEEP=3";
	} else if (kind == GAP_FILTERED) {
		r.filters = "--uid 3";
	} else if (kind == GAP_UNSUPERVISED) {
		r.unsupervised = true;
	} else if (kind == GAP_RUNNING) {
		r.running = 3;
	} else {
		*counts[kind] = 3;
	}
	return r;
}

/* What each says where all was seen and counted and nothing leaks, and nowhere else. */
static const char *const clean[FORMATS] = {
	[FORMAT_TEXT] = "in 7 execs\n",
	[FORMAT_JSON] = "\"not_seen\": [],\n  \"left_out\": []",
	[FORMAT_SARIF] = "\"toolExecutionNotifications\": []",
	[FORMAT_JUNIT] = "name=\"no descriptor leaks into another program\"",
	[FORMAT_GITHUB] = "",
	[FORMAT_MARKDOWN] = "in 7 execs.\n",
	[FORMAT_GITLAB] = "[]\n",
	[FORMAT_OTLP] = "\"logRecords\":[]",
	[FORMAT_PROMETHEUS] = NULL, /* a number for each kind */
	[FORMAT_HTML] = "\"not_seen\":[],\"left_out\":[]",
};

static bool is_clean(enum format f, const char *text)
{
	if (f == FORMAT_PROMETHEUS) {
		for (const char *at = text; (at = strstr(at, "\nfdfence_")); at++)
			if ((!strncmp(at, "\nfdfence_not_seen{", 18) ||
			     !strncmp(at, "\nfdfence_left_out{", 18)) &&
			    strncmp(strstr(at, "} "), "} 0\n", 4) != 0)
				return false;
		return true;
	}
	if (f == FORMAT_TEXT || f == FORMAT_MARKDOWN) { /* and nothing behind it */
		const char *at = strstr(text, clean[f]);

		return at && !at[strlen(clean[f])];
	}
	return *clean[f] ? strstr(text, clean[f]) != NULL : !*text;
}

Test(formats, what_was_not_seen_or_left_out_is_called_clean_by_none)
{
	for (enum format f = 0; f < FORMATS; f++) {
		struct report r = nothing();
		char *text = rendered(f, &r);

		cr_expect(is_clean(f, text), "format %d", (int)f);
		free(text);
		for (enum gap_kind k = 0; k < GAPS; k++) {
			r = unknown(k);
			text = rendered(f, &r);
			cr_expect(!is_clean(f, text), "format %d: %s", (int)f, gap_name(k));
			cr_expect(k == GAP_UNSUPERVISED || /* it is so or not */
					  strpbrk(text, k == GAP_ENVIRONMENT || k == GAP_FILTERED
								? "13"
								: "3"),
				  "format %d: how many: %s", (int)f, gap_name(k));
			free(text);
		}
	}
}
