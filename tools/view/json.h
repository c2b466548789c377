/*
 * json.h: records with what only those know who look from outside: where the
 * process runs, and what is said of a descriptor beside its verdict.
 *
 * No record is longer than FDF_RECORD_MAX.  What has more descriptors than one holds is told by
 * several: "part" 1, 2, ... of "part_of", the id of the first; the last one has "parts", how many
 * there are, and what is said of the whole: "more" and "inexact".
 */
#ifndef FDF_VIEW_JSON_H
#define FDF_VIEW_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "preload/core/record.h"
#include "tools/view/columns.h"

/* Start with zeros, free .buf. */
struct view_json {
	char *buf; /* the records, a line each */
	size_t cap, len;
	unsigned unfit; /* descriptors that no record has room for, with what stands around them */
	struct fdf_exec exec;
	const struct view_place *place;
	const char *members;
	bool argv;
	struct fdf_record r; /* the last one */
};

/*
 * Begin, any number of fd, end, as in preload/core/record.h; e's texts, p and members stay until the
 * end.  members: more of them as JSON, each with a comma in front, "" if there are none; at most 512
 * bytes.
 */
void view_json_begin(struct view_json *t, const struct fdf_exec *e, const struct view_place *p,
		     const char *members, bool argv);
void view_json_fd(struct view_json *t, const struct fdf_fd *d, const struct fdf_decision *v,
		  const char *members);

/* missing: descriptors that nobody could tell.  Returns how long all records in t->buf are. */
size_t view_json_end(struct view_json *t, unsigned missing, const char *inexact);

#endif
