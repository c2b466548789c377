/*
 * options.h: the command line of `fdfence trace`.
 */
#ifndef FDF_TRACE_OPTIONS_H
#define FDF_TRACE_OPTIONS_H

#include "tools/kernel/request.h"

/* Returns 0; 1 if --help or the like was answered; -1 after a message. */
int trace_options(struct trace_opts *o, int argc, char **argv);

#endif
