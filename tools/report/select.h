/*
 * select.h: which causes a report shows and counts.
 */
#ifndef FDF_SELECT_H
#define FDF_SELECT_H

#include "tools/report/aggregate.h"

/*
 * Take the causes that are known out of r->causes, and their leaks out of r->leaks.  What is beyond
 * CAUSES_MAX was compared with nothing, and is taken out of r->leaks as well; so is what would be new
 * and is not worse than unsure (enum fdf_level; -1: nothing), of which not all that is known was listed.
 */
void select_new(struct report *r, int unsure);

/*
 * Take the causes below min out of r->causes and their leaks out of r->leaks; r->below tells how
 * many there were.  After aggregate_finish().
 */
void select_severity(struct report *r, enum fdf_level min);

#endif
