/*
 * explain.h: run --explain is explain.
 */
#ifndef FDF_EXPLAIN_H
#define FDF_EXPLAIN_H

struct config;

/* c holds what the options said.  Returns the exit status. */
int explain(struct config *c, char **cmd);

#endif
