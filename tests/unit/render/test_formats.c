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
