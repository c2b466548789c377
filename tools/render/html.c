/*
 * html.c: a report as a page: the template page.html with the report in it as JSON.
 *
 * Nothing of a record becomes markup: all that is not ASCII is written as \uXXXX, and so are the
 * bytes that HTML or a script would take for its own.  The page puts text into text nodes alone.
 */
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/render/page.h"
#include "tools/render/render.h"

/* page.html, as it is in the repository; the build knows that this file is made from it. */
__asm__(".section .rodata\n"
	".balign 1\n"
	"page_template:\n"
	"	.incbin \"tools/render/page.html\"\n"
	"	.byte 0\n"
	".previous\n");

static const char place[] = "@REPORT@"; /* in the template, where the report goes */

void render_html(FILE *out, const struct report *r)
{
	json_t *o = render_object(r);
	char *json = json_dumps(o, JSON_COMPACT | JSON_ENSURE_ASCII);
	const char *at = strstr(page_template, place);

	if (!json)
		out_of_memory();
	if (!at)
		abort();
	fwrite(page_template, 1, (size_t)(at - page_template), out);
	for (const char *c = json; *c; c++)
		fprintf(out, strchr("<>&'", *c) ? "\\u%04x" : "%c", *c);
	fputs(at + strlen(place), out);
	free(json);
	json_decref(o);
}
