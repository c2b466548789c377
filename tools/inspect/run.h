/*
 * run.h: `fdfence inspect` from its options to its exit status.
 */
#ifndef FDF_INSPECT_RUN_H
#define FDF_INSPECT_RUN_H

#include "tools/inspect/options.h"

/* Exit statuses beside those of base.h. */
enum { EXIT_PARTIAL = 3 }; /* what was asked for could not be seen in full */

struct inspect_found {
	unsigned long kept;   /* descriptors */
	unsigned long unseen; /* processes that no record tells of, at least so many */
};

int inspect_run(const struct inspect_opts *o, enum output_color color, struct inspect_found *found);

#endif
