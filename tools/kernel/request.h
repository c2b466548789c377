/*
 * request.h: what the tracer was asked for, as its options say it.
 */
#ifndef FDF_KERNEL_REQUEST_H
#define FDF_KERNEL_REQUEST_H

#include <sys/types.h>

#include "preload/core/policy.h"
#include "tools/base/filter.h"

/* Exit statuses beside those of base.h. */
enum { EXIT_LOST = 3 }; /* the kernel dropped records: what was shown is not all */

enum trace_show { SHOW_LEAKED = 1, SHOW_KEPT = 2, SHOW_WOULD = 4, SHOW_CLEAN = 8 };

enum trace_acts { ACTS_NO, ACTS_YES, ACTS_AUTO };

struct trace_opts {
	struct fdf_policy policy; /* rules and strings are those of the options */
	unsigned show;		  /* enum trace_show */
	unsigned pid;		  /* --pid; 0: not given */
	char **cmd;		  /* CMD; NULL: none */
	struct filter filter;
	int min_severity; /* enum fdf_level; what is less severe is not looked at further */
	bool rows, json;  /* what is shown as it comes: text, or records; or neither */
	/* Each exec that passes the filters as a record, a line; NULL: nobody asks. */
	void (*record)(void *ctx, const char *line, size_t len);
	void *record_ctx;
	bool summary, snapshot, kill, acts, verbose, quiet, no_argv;
	int acts_given; /* --acts: enum trace_acts */
	const char *columns, *output;
	unsigned long long rotate; /* bytes; 0: never */
	unsigned keep_files;
	unsigned ring_mib, max_fds;
	double duration; /* seconds; 0: until a signal or the end of CMD */
};

#endif
