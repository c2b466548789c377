/*
 * options.h: the command line of `fdfence inspect`.
 */
#ifndef FDF_INSPECT_OPTIONS_H
#define FDF_INSPECT_OPTIONS_H

#include <sys/types.h>

#include "preload/core/policy.h"
#include "tools/options/config.h"
#include "tools/options/formats.h"
#include "tools/view/columns.h"

enum inspect_by { BY_PROCESS, BY_UNIT, BY_PROGRAM };

struct inspect_opts {
	struct fdf_policy policy; /* rules and strings are those of the options */
	struct filter filter;
	bool all;
	pid_t *pids; /* as they were named; npids of them, none with all */
	size_t npids;
	int by; /* enum inspect_by */
	bool leaks, sealed;
	bool rows, json; /* text or records; or neither */
	/* Each table that is looked at as a record, a line; NULL: nobody asks. */
	void (*record)(void *ctx, const char *line, size_t len);
	void *record_ctx;
	bool argv, quiet;
	const char *columns, *output; /* of text or records; NULL: stdout */
	unsigned watch;		      /* seconds between two looks; 0: one look */
	unsigned error_exitcode;
};

struct inspect_line {
	struct config config;
	struct formats reports;	  /* in which formats, beside text or records, and where to */
	struct inspect_opts opts; /* policy points into config, which has to stay where it is */
};

extern const struct options inspect_options;
extern const view_set inspect_columns;

/*
 * Parse argv and settle what it and the environment say.  Returns as options_parse() does; give l
 * to inspect_line_free() in any case.
 */
int inspect_line_parse(struct inspect_line *l, int argc, char **argv);
void inspect_line_free(struct inspect_line *l);

#endif
