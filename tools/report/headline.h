/*
 * headline.h: how much leaked, in one line.
 */
#ifndef FDF_REPORT_HEADLINE_H
#define FDF_REPORT_HEADLINE_H

#include "tools/report/aggregate.h"

/* What became of the leaks that a report counts: n[LEAK_OUTCOMES]. */
struct outcomes {
	unsigned long n[LEAK_OUTCOMES];
	bool mixed; /* there are some of different outcomes */
};

struct outcomes outcomes_of(const struct report *r);

/*
 * "no leaks in 3 execs", "4 leaks with 2 causes in 4 execs"; where not all of them leaked "1 leaked,
 * 3 sealed, with 2 causes in 4 execs".  The caller frees.
 */
char *headline(const struct report *r);

#endif
