/* parts.h: a table of what a supervisor's questions take. */
#ifndef BENCH_PARTS_H
#define BENCH_PARTS_H

#include <stdio.h>

void parts_table(FILE *to);

#endif
