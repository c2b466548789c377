/*
 * trial.h: programs of every kind that the system has, started with the library.
 */
#ifndef FDF_TRIAL_H
#define FDF_TRIAL_H

#include "tools/system/ground.h"

/*
 * A line on stdout for each program.  Returns 0 if all did what they do without the library
 * and each that can load it did; else -1, after messages that name those that did not.
 */
int trial(const struct ground *g, const char *rescue);

#endif
