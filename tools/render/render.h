/*
 * render.h: a report in words and in the formats of others, a file each.
 */
#ifndef FDF_RENDER_H
#define FDF_RENDER_H

#include <stdbool.h>
#include <stdio.h>

#include "tools/report/aggregate.h"
#include "tools/report/programs.h"

struct render_options {
	bool color;
	unsigned width;	 /* of the terminal; 0: none */
	bool rules;	 /* --gen-suppressions */
	bool only_rules; /* --gen-rules: nothing but these, each below what it would keep */
	bool kept;	 /* --explain-kept */
	bool quiet;	 /* nothing but what went wrong */
};

void render_text(FILE *out, const struct report *r, const struct render_options *o);

/* What numbers of leaks do not tell, a line each: what was not seen, what was left out. */
void render_remarks(FILE *out, const struct report *r, bool quiet);

/* One object; fdfence-check(1) describes it. */
void render_json(FILE *out, const struct report *r);

/* That object.  The caller owns it. */
json_t *render_object(const struct report *r);

/* The page: one file of HTML, which needs nothing else; tools/render/page.html with that object. */
void render_html(FILE *out, const struct report *r);

/* Who started what, with the leaks on its branches, and the remarks.  Text for people. */
void render_tree(FILE *out, const struct programs *p, const struct report *r,
		 const struct render_options *o);

/* SARIF 2.1.0: a rule, FD-LEAK-EXEC, and a result for each cause. */
void render_sarif(FILE *out, const struct report *r);

/* JUnit's XML: a failed test case for each cause, a skipped one for what was not covered. */
void render_junit(FILE *out, const struct report *r);

/* Annotations of GitHub Actions, a line each. */
void render_github(FILE *out, const struct report *r);

/* A table for GitHub's step summary and other readers of Markdown. */
void render_markdown(FILE *out, const struct report *r);

/* GitLab's code quality report: an array of JSON. */
void render_gitlab(FILE *out, const struct report *r);

/* Logs of OpenTelemetry in JSON, one line, as the Collector's file receiver reads them. */
void render_otlp(FILE *out, const struct report *r);

/* Prometheus' text format, for the node exporter's textfile collector. */
void render_prometheus(FILE *out, const struct report *r);

#endif
