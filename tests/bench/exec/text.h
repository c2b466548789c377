/* text.h: what stands around the table of docs/exec-cost.md. */
#ifndef EXEC_TEXT_H
#define EXEC_TEXT_H

#include <stdio.h>

/* command: which wrote it; load: of the machine before that. */
void exec_cost_head(FILE *f, const char *command, double load);
void exec_cost_tail(FILE *f);

#endif
