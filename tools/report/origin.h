/*
 * origin.h: where a descriptor was opened, in words.
 */
#ifndef FDF_REPORT_ORIGIN_H
#define FDF_REPORT_ORIGIN_H

#include "tools/records/record_json.h"
#include "tools/symbols/symbols.h"

/* Text is plain; "" where there is none. */
struct origin {
	char *place;	/* "job.php:12", "main.c:7 (open_log)": what a person looks at first */
	char *function; /* that called; of a script, in its interpreter */
	char *file;	/* of source or script, and the line in it; line 0: not known */
	unsigned line;
	json_t *facts; /* the record's, with "opened": the places of its stack; NULL: none */
};

/* What the record says of f; all is empty where it says nothing.  origin_free() follows. */
void origin_read(struct origin *to, struct symbols *s, const struct rec_fd *f);
void origin_copy(struct origin *to, const struct origin *from);
void origin_free(struct origin *o);

#endif
