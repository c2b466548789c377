/*
 * junit.c: a report as JUnit's XML, as Jenkins, GitLab and others show it: a test case for each
 * cause, which failed, or was skipped if it is allowed; one for what was not seen, which was skipped;
 * one that passed where all was seen and nothing leaked.
 */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/render/render.h"
#include "tools/render/unlike.h"
#include "tools/report/finding.h"
#include "tools/report/gaps.h"

/* U+FFFE and U+FFFF are text, and no characters of XML. */
static char *xml_text(const char *plain)
{
	char *text = must_alloc(4 * strlen(plain) + 1), *to = text;

	for (; *plain; plain++) {
		const unsigned char *c = (const unsigned char *)plain;

		if (c[0] == 0xef && c[1] == 0xbf && c[2] >= 0xbe) {
			to += sprintf(to, "\\xef\\xbf\\x%02x", c[2]);
			plain += 2;
		} else {
			*to++ = *plain;
		}
	}
	*to = '\0';
	return text;
}

static void attribute(xmlTextWriter *w, const char *name, const char *plain)
{
	char *text = xml_text(plain);

	if (xmlTextWriterWriteAttribute(w, BAD_CAST name, BAD_CAST text) < 0)
		out_of_memory();
	free(text);
}

static void number(xmlTextWriter *w, const char *name, unsigned long n)
{
	char *text = must_printf("%lu", n);

	attribute(w, name, text);
	free(text);
}

static void content(xmlTextWriter *w, const char *plain)
{
	char *text = xml_text(plain);

	if (xmlTextWriterWriteString(w, BAD_CAST text) < 0)
		out_of_memory();
	free(text);
}

static void start(xmlTextWriter *w, const char *element)
{
	if (xmlTextWriterStartElement(w, BAD_CAST element) < 0)
		out_of_memory();
}

static void end(xmlTextWriter *w)
{
	if (xmlTextWriterEndElement(w) < 0)
		out_of_memory();
}

struct cases {
	xmlTextWriter *w;
	json_t *seen; /* how often each was there */
};

/*
 * The name stays the same from run to run and in each checkout: it is what CI tells the history of.  A
 * second one of that name gets a number.  program: as in records.
 */
static void test_case(struct cases *to, const char *program, const char *name)
{
	char *place = finding_place(program), *both, *own;
	/* What stands before the last dot is a package to those who read it. */
	const char *class = place + (strncmp(place, "./", 2) ? 0 : 2);

	both = must_printf("%s\n%s", class, name);
	own = unlike(to->seen, name, both);
	start(to->w, "testcase");
	attribute(to->w, "classname", class);
	attribute(to->w, "name", own);
	attribute(to->w, "time", "0");
	free(place);
	free(both);
	free(own);
}

/* allowed: NULL, or the option that allows it. */
static void put_cause(struct cases *to, const struct cause *c, const char *allowed)
{
	char *target = finding_place(c->what), *into = finding_place(*c->into ? c->into : "?");
	char *text = finding_message(c), *name, *body, *message;
	xmlTextWriter *w = to->w;

	name = must_printf("%s %s%s%s into %s", fdf_type_name(c->type), c->access,
			   *c->access ? " " : "", target, into);
	body = must_printf("%s\n\nwhy: %s\n%s%s%s", text, c->note,
			   *c->rule ? "if it is meant:\n" : "", c->rule, *c->rule ? "\n" : "");
	test_case(to, *c->exe ? c->exe : "?", name);
	start(w, allowed ? "skipped" : "failure");
	if (!allowed)
		attribute(w, "type", fdf_level_name((enum fdf_level)c->severity.level));
	message = allowed ? must_printf("allowed by %s: %s", allowed, text) : must_dup(text);
	attribute(w, "message", message);
	content(w, body);
	end(w);
	end(w);
	free(target);
	free(into);
	free(text);
	free(name);
	free(body);
	free(message);
}

/* What it says may have a number in it, which is no part of its name. */
static void skipped(struct cases *to, const struct gap *g)
{
	xmlTextWriter *w = to->w;

	test_case(to, *g->program ? g->program : "fdfence",
		  *g->program ? "what it leaks itself" : gap_title(g->kind));
	start(w, "skipped");
	attribute(w, "message", g->text);
	end(w);
	end(w);
}

/* The command that was run: what the suite is called after. */
static char *command_of(const struct report *r)
{
	char *text = must_printf("fdfence %s", r->by);

	for (char *const *cmd = r->cmd; *cmd && strlen(text) < 200; cmd++) {
		char *plain = escaped(fdf_str(*cmd)), *longer = must_printf("%s %s", text, plain);

		free(plain);
		free(text);
		text = longer;
	}
	return text;
}

static void suite(xmlTextWriter *w, const struct report *r)
{
	char *name = command_of(r);
	struct gaps gaps = gaps_of(r);
	unsigned long clean = !r->ncauses && !r->leaks && !gaps.n;
	struct cases to = { .w = w, .seen = json_object() };

	start(w, "testsuites");
	start(w, "testsuite");
	attribute(w, "name", name);
	number(w, "tests", r->ncauses + gaps.n + clean);
	number(w, "failures", r->allowed ? 0 : r->ncauses);
	number(w, "errors", 0);
	number(w, "skipped", gaps.n + (r->allowed ? r->ncauses : 0));
	attribute(w, "time", "0");
	for (size_t i = 0; i < r->ncauses; i++)
		put_cause(&to, r->causes[i], r->allowed);
	for (size_t i = 0; i < gaps.n; i++)
		skipped(&to, &gaps.list[i]);
	gaps_free(&gaps);
	if (clean) {
		test_case(&to, "fdfence", "no descriptor leaks into another program");
		end(w);
	}
	end(w);
	end(w);
	json_decref(to.seen);
	free(name);
}

void render_junit(FILE *out, const struct report *r)
{
	xmlBuffer *text = xmlBufferCreate();
	xmlTextWriter *w = text ? xmlNewTextWriterMemory(text, 0) : NULL;

	if (!w || xmlTextWriterSetIndent(w, 1) < 0 ||
	    xmlTextWriterStartDocument(w, NULL, "UTF-8", NULL) < 0)
		out_of_memory();
	suite(w, r);
	if (xmlTextWriterEndDocument(w) < 0)
		out_of_memory();
	xmlFreeTextWriter(w);
	fwrite(xmlBufferContent(text), 1, (size_t)xmlBufferLength(text), out);
	xmlBufferFree(text);
}
