/*
 * headline.c: see headline.h.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tools/base/base.h"
#include "tools/report/gaps.h"
#include "tools/report/headline.h"

struct outcomes outcomes_of(const struct report *r)
{
	struct outcomes o = { 0 };

	for (int i = 0; i < LEAK_OUTCOMES && !r->compared; i++)
		for (int l = 0; l < FDF_LEVELS; l++)
			o.n[i] += r->lost_of[l][i];
	for (size_t i = 0; i < r->ncauses; i++) {
		o.n[r->causes[i]->outcome] += r->causes[i]->times;
		o.mixed |= r->causes[i]->outcome != r->causes[0]->outcome;
	}
	return o;
}

static const char *s(unsigned long n)
{
	return n == 1 ? "" : "s";
}

/* "1 leaked, 3 sealed, " */
static void put_outcomes(FILE *out, const struct outcomes *o, const char *new)
{
	static const char *const words[LEAK_OUTCOMES] = { [LEAK_LEAKED] = "leaked",
							  [LEAK_SEALED] = "sealed",
							  [LEAK_REFUSED] = "refused",
							  [LEAK_WOULD] = "would leak" };

	if (!o->n[LEAK_LEAKED] && !o->n[LEAK_WOULD])
		fprintf(out, "nothing %sleaked, ", new);
	for (int i = 0; i < LEAK_OUTCOMES; i++)
		if (o->n[i])
			fprintf(out, "%lu %s%s, ", o->n[i], new, words[i]);
}

char *headline(const struct report *r)
{
	const char *new = r->baseline ? "new " : "";
	struct outcomes o = outcomes_of(r);
	struct gaps gaps = gaps_of(r);
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);

	if (!out)
		out_of_memory();
	if (!r->leaks)
		fprintf(out, "no %sleaks", new);
	else if (o.n[LEAK_LEAKED] == r->leaks)
		fprintf(out, "%lu %sleak%s ", r->leaks, new, s(r->leaks));
	else
		put_outcomes(out, &o, new);
	if (r->leaks)
		fprintf(out, "with %zu cause%s", r->ncauses, s(r->ncauses));
	fprintf(out, " in %lu exec%s%s", r->execs, s(r->execs),
		!r->leaks && gaps.unseen ? " seen" : "");
	fclose(out);
	gaps_free(&gaps);
	return text;
}
