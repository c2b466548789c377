/*
 * select.c: which causes a report shows and counts.
 */
#include "tools/report/select.h"

void select_new(struct report *r, int unsure)
{
	size_t left = 0;

	r->compared = true;
	r->leaks -= r->lost_causes;
	for (size_t i = 0; i < r->ncauses; i++) {
		struct cause *c = r->causes[i];

		if (!c->known && c->severity.level > unsure) {
			r->causes[left++] = c;
			continue;
		}
		r->leaks -= c->times;
		if (!c->known) {
			r->lost_of[c->severity.level][c->outcome] += c->times;
			r->lost_causes += c->times;
			continue;
		}
		r->known++;
		r->known_leaks += c->times;
	}
	r->ncauses = left;
}

/* What is not listed is counted all the same. */
static void leave_out_unlisted(struct report *r, enum fdf_level min)
{
	for (enum fdf_level l = 0; l < min; l++)
		for (int o = 0; o < LEAK_OUTCOMES; o++) {
			r->below += r->lost_of[l][o];
			r->leaks -= r->compared ? 0 : r->lost_of[l][o];
			r->lost_causes -= r->lost_of[l][o];
			r->lost_of[l][o] = 0;
		}
}

void select_severity(struct report *r, enum fdf_level min)
{
	size_t left = 0;

	r->min = min;
	leave_out_unlisted(r, min);
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
