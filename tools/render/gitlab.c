/*
 * gitlab.c: a report as GitLab's code quality report
 * (docs.gitlab.com/ci/testing/code_quality, "Code Quality report format").
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/render/render.h"
#include "tools/render/unlike.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"

static const char *const severities[FDF_LEVELS] = { [FDF_LOW] = "minor",
						    [FDF_MEDIUM] = "major",
						    [FDF_HIGH] = "critical",
						    [FDF_CRITICAL] = "blocker" };

/* Two findings with one fingerprint would be shown as one. */
static char *own_print(json_t *seen, char *print)
{
	char *own = unlike(seen, print, print);

	free(print);
	return own;
}

static void put(json_t *issues, const char *check, const char *text, const char *print,
		const char *severity, const char *path, unsigned line)
{
	json_array_append_new(issues,
			      json_pack("{s:s, s:s, s:s, s:s, s:{s:s, s:{s:i}}}", "description",
					text, "check_name", check, "fingerprint", print, "severity",
					severity, "location", "path", *path ? path : "?", "lines",
					"begin", (int)line));
}

void render_gitlab(FILE *out, const struct report *r)
{
	json_t *a = json_array(), *seen = json_object();
	struct gaps gaps = gaps_of(r);
	/* GitLab wants a path of each entry: what was run, or the records of a directory. */
	const char *cmd = r->cmd && r->cmd[0] && *r->cmd[0] ? r->cmd[0] : ".";

	for (size_t i = 0; i < r->ncauses; i++) {
		const struct cause *c = r->causes[i];
		char *text = finding_message(c), *print = own_print(seen, finding_print(c));
		char *source = finding_source(c);

		put(a, "FD-LEAK-EXEC", text, print, severities[c->severity.level],
		    *source ? source : c->exe, *source ? c->origin.line : 1);
		free(source);
		free(text);
		free(print);
	}
	for (size_t i = 0; i < gaps.n; i++) {
		char *print = own_print(seen, gap_print(&gaps.list[i]));

		put(a, gap_is_asked(gaps.list[i].kind) ? "FD-LEFT-OUT" : "FD-NOT-SEEN",
		    gaps.list[i].text, print, "info",
		    *gaps.list[i].program ? gaps.list[i].program : cmd, 1);
		free(print);
	}
	gaps_free(&gaps);
	json_dumpf(a, out, JSON_INDENT(2));
	fputc('\n', out);
	json_decref(a);
	json_decref(seen);
}
