/*
 * github.c: a report for GitHub Actions: annotations, and the Markdown of the step summary.
 *
 * Text of records has no control bytes; what is left that either reader would take for its own is
 * escaped here (docs.github.com/actions, "Workflow commands"; github.github.com/gfm).
 */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/records/what.h"
#include "tools/render/render.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"
#include "tools/report/headline.h"

static const char *const commands[FDF_LEVELS] = { [FDF_LOW] = "notice",
						  [FDF_MEDIUM] = "warning",
						  [FDF_HIGH] = "error",
						  [FDF_CRITICAL] = "error" };

/* The runner's own escapes; a property must not hold what ends it either. */
static void put_escaped(FILE *out, const char *text, bool property)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\r' || *text == '\n' ||
		    (property && (*text == ':' || *text == ',')))
			fprintf(out, "%%%02X", (unsigned char)*text);
		else
			fputc(*text, out);
	}
}

/* c: the finding whose source the annotation stands beside; NULL: it is none. */
static void annotate(FILE *out, const char *command, const struct cause *c, const char *title,
		     const char *text)
{
	char *source = c ? finding_source(c) : must_dup("");

	fprintf(out, "::%s ", command);
	if (*source) {
		fputs("file=", out);
		put_escaped(out, source, true);
		fprintf(out, ",line=%u,", c->origin.line);
	}
	fputs("title=", out);
	put_escaped(out, title, true);
	fputs("::", out);
	put_escaped(out, text, false);
	fputc('\n', out);
	free(source);
}

void render_github(FILE *out, const struct report *r)
{
	struct gaps gaps = gaps_of(r);

	for (size_t i = 0; i < r->ncauses; i++) {
		const struct cause *c = r->causes[i];
		char *title = finding_title(c), *text = finding_message(c);

		annotate(out, commands[c->severity.level], c, title, text);
		free(title);
		free(text);
	}
	for (size_t i = 0; i < gaps.n; i++) {
		char *title = must_printf("fdfence: %s", gap_title(gaps.list[i].kind));

		annotate(out, gap_is_asked(gaps.list[i].kind) ? "notice" : "warning", NULL, title,
			 gaps.list[i].text);
		free(title);
	}
	gaps_free(&gaps);
}

/* As a character reference everything but letters, digits and a few is text and nothing else. */
static void put_text(FILE *out, const char *text)
{
	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;
		bool plain = c > 0x7f || (c >= '0' && c <= '9') ||
			     ((c | 32) >= 'a' && (c | 32) <= 'z') || strchr(" /.,-+", c);

		fprintf(out, plain ? "%c" : "&#%d;", c);
	}
}

static void put_cell(FILE *out, char *text)
{
	fputs(" | ", out);
	put_text(out, text);
	free(text);
}

static void put_row(FILE *out, const struct cause *c)
{
	static const char *const signs[FDF_LEVELS] = {
		[FDF_LOW] = "⚪", [FDF_MEDIUM] = "🟡", [FDF_HIGH] = "🟠", [FDF_CRITICAL] = "🔴"
	};
	enum fdf_danger danger = (enum fdf_danger)c->severity.danger;

	fprintf(out, "| %s ", signs[c->severity.level]);
	put_text(out, fdf_level_name((enum fdf_level)c->severity.level));
	put_text(out, c->severity.at_least ? "+" : "");
	put_cell(out, must_dup(finding_program(c->exe)));
	put_cell(out, must_dup(finding_program(c->into)));
	put_cell(out, finding_numbers(c));
	put_cell(out, what_type(c->type, c->access));
	put_cell(out, must_dup(c->what));
	put_cell(out, must_printf("%lu%s%s", c->times, c->outcome ? ", " : "",
				  c->outcome ? leak_outcome_name(c->outcome) : ""));
	put_cell(out, must_printf("%s%s%s",
				  danger == FDF_DANGER_NONE ? c->note : fdf_danger_text(danger),
				  *c->origin.place ? "; opened at " : "", c->origin.place));
	fputs(" |\n", out);
}

static void put_rules(FILE *out, const struct report *r)
{
	fputs("\n<details><summary>If they are meant: rules for <code>--rules</code></summary>\n\n"
	      "<pre>\n",
	      out);
	for (size_t i = 0; i < r->ncauses; i++) {
		if (!*r->causes[i]->rule)
			continue;
		/* A newline between the rules of one cause. */
		for (const char *line = r->causes[i]->rule; *line;) {
			char *one = must_printf("%.*s", (int)strcspn(line, "\n"), line);

			put_text(out, one);
			fputc('\n', out);
			line += strlen(one);
			line += *line == '\n';
			free(one);
		}
	}
	fputs("</pre>\n\n</details>\n", out);
}

void render_markdown(FILE *out, const struct report *r)
{
	struct gaps gaps = gaps_of(r);
	char *first = headline(r);

	*first = (char)toupper((unsigned char)*first);
	fputs("### Descriptors that leak into other programs\n\n", out);
	put_text(out, first);
	fputs(".\n", out);
	free(first);
	if (r->ncauses)
		fputs("\n| severity | from | into | descriptor | type | what | times | why it "
		      "matters |\n|---|---|---|---|---|---|--:|---|\n",
		      out);
	for (size_t i = 0; i < r->ncauses; i++)
		put_row(out, r->causes[i]);
	for (size_t i = 0; i < gaps.n; i++) {
		if (i == gaps.unseen)
			fputs("\nLeft out, as asked:\n\n", out);
		else if (!i)
			fputs("\nNot seen, so not known to be clean:\n\n", out);
		fputs("- ", out);
		put_text(out, gaps.list[i].text);
		fputc('\n', out);
	}
	gaps_free(&gaps);
	if (r->ncauses)
		put_rules(out, r);
}
