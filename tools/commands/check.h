/*
 * check.h: the command line of fdfence check.
 */
#ifndef FDF_CHECK_H
#define FDF_CHECK_H

#include "tools/options/config.h"

enum check_format { FORMAT_TEXT, FORMAT_JSON };

struct check_line {
	struct config config;
	bool seal, gen_suppressions;
	int error_exitcode; /* 0: always the status of CMD */
	int format;	    /* enum check_format */
};

/* Nothing given yet. */
void check_line_init(struct check_line *l);

#endif
