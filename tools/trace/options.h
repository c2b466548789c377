/*
 * options.h: the command line of `fdfence trace`.
 */
#ifndef FDF_TRACE_OPTIONS_H
#define FDF_TRACE_OPTIONS_H

#include "tools/kernel/request.h"
#include "tools/options/config.h"
#include "tools/options/formats.h"

struct trace_line {
	struct config config;
	struct formats reports; /* in which formats, beside text or records, and where to */
	struct trace_opts opts; /* policy points into config, which has to stay where it is */
};

extern const struct options trace_options;

/*
 * Parse argv and settle what it and the environment say.  Returns as
 * options_parse() does; free l->config in any case.
 */
int trace_line_parse(struct trace_line *l, int argc, char **argv);

#endif
