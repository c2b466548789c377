/*
 * junit.c: a report as JUnit's XML, as Jenkins, GitLab and others show it: a test case for each
 * cause, which failed; one for each program that was not covered, which was skipped; one that
 * passed where nothing leaked.
 */
#include <libxml/xmlwriter.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"
#include "tools/render/render.h"
#include "tools/report/finding.h"

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

/* The name stays the same from run to run: it is what CI tells the history of. */
static void test_case(xmlTextWriter *w, const char *class, const char *name)
{
	start(w, "testcase");
	attribute(w, "classname", class);
	attribute(w, "name", name);
	attribute(w, "time", "0");
}

static void failed(xmlTextWriter *w, const struct cause *c)
{
	char *target = finding_stable(c->what), *text = finding_message(c), *name, *body;

	name = must_printf("%s %s%s%s into %s", fdf_type_name(c->type), c->access,
			   *c->access ? " " : "", target, *c->into ? c->into : "?");
	body = must_printf("%s\n\nwhy: %s\nif it is meant:\n%s\n", text, c->note, c->rule);
	test_case(w, *c->exe ? c->exe : "?", name);
	start(w, "failure");
	attribute(w, "type", fdf_level_name((enum fdf_level)c->severity.level));
	attribute(w, "message", text);
	content(w, body);
	end(w);
	end(w);
	free(target);
	free(text);
	free(name);
	free(body);
}

static void skipped(xmlTextWriter *w, const struct uncovered *u)
{
	char *text = must_printf("not covered in %lu exec%s: %s", u->times,
				 u->times == 1 ? "" : "s", u->why);

	test_case(w, u->path, "what it leaks itself");
	start(w, "skipped");
	attribute(w, "message", text);
	end(w);
	end(w);
	free(text);
}

/* The command that was run: what the suite is called after. */
static char *command_of(char *const *cmd)
{
	char *text = must_dup("fdfence check");

	for (; *cmd && strlen(text) < 200; cmd++) {
		char *plain = escaped(fdf_str(*cmd)), *longer = must_printf("%s %s", text, plain);

		free(plain);
		free(text);
		text = longer;
	}
	return text;
}

static void suite(xmlTextWriter *w, const struct report *r)
{
	char *name = command_of(r->cmd);
	unsigned long clean = !r->ncauses && !r->leaks;

	start(w, "testsuites");
	start(w, "testsuite");
	attribute(w, "name", name);
	number(w, "tests", r->ncauses + r->nuncovered + clean);
	number(w, "failures", r->ncauses);
	number(w, "errors", 0);
	number(w, "skipped", r->nuncovered);
	attribute(w, "time", "0");
	for (size_t i = 0; i < r->ncauses; i++)
		failed(w, r->causes[i]);
	for (size_t i = 0; i < r->nuncovered; i++)
		skipped(w, r->uncovered[i]);
	if (clean) {
		test_case(w, "fdfence", "no descriptor leaks into another program");
		end(w);
	}
	end(w);
	end(w);
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
