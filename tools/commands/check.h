/*
 * check.h: the command line of fdfence check.
 */
#ifndef FDF_CHECK_H
#define FDF_CHECK_H

#include "tools/commands/known.h"
#include "tools/commands/outputs.h"
#include "tools/options/config.h"

/* check_line.fail_on */
enum fail_on {
	FAIL_LEAKS = 1,
	FAIL_UNCOVERED = 2,
	FAIL_LOST = 4,
	FAIL_RUNNING = 8,
	FAIL_INEXACT = 16
};

struct check_line {
	struct config config;
	bool seal, gen_suppressions, explain_kept, wait;
	unsigned fail_on;	 /* bits of FAIL_* */
	unsigned error_exitcode; /* 0: always the status of CMD */
	struct outputs outputs;
	int min_severity; /* enum fdf_level */
	struct known known;
};

/* Nothing given yet. */
void check_line_init(struct check_line *l);

#endif
