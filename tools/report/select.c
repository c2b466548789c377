/*
 * select.c: which causes a report shows and counts.
 */
#include "tools/report/select.h"

void select_new(struct report *r)
{
	size_t left = 0;

	for (size_t i = 0; i < r->ncauses; i++) {
		struct cause *c = r->causes[i];

		if (!c->known) {
			r->causes[left++] = c;
			continue;
		}
		r->known++;
		r->known_leaks += c->times;
		r->leaks -= c->times;
	}
	r->ncauses = left;
}

void select_severity(struct report *r, enum fdf_level min)
{
	size_t left = 0;

	r->min = min;
	for (size_t i = 0; i < r->ncauses; i++) {
		struct cause *c = r->causes[i];

		if (c->severity.level >= min) {
			r->causes[left++] = c;
			continue;
		}
		r->below += c->times;
		r->below_open += c->severity.at_least ? c->times : 0;
		r->leaks -= c->times;
	}
	r->ncauses = left;
}
