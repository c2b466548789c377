/*
 * json.h: a record with what only those know who look from outside: where the
 * process runs, and what is said of a descriptor beside its verdict.
 */
#ifndef FDF_VIEW_JSON_H
#define FDF_VIEW_JSON_H

#include <stdbool.h>
#include <stddef.h>

#include "preload/core/record.h"
#include "tools/view/columns.h"

/* A buffer that grows with the largest record; start with zeros, free .buf. */
struct view_json {
	char *buf;
	size_t cap;
	struct fdf_record r;
};

/*
 * Begin, any number of fd, end, as in preload/core/record.h; but nothing is left out for want of
 * room.  members: more of them as JSON, each with a comma in front; "" if there are none.
 */
void view_json_begin(struct view_json *t, const struct fdf_exec *e, const struct view_place *p,
		     const char *members, bool argv);
void view_json_fd(struct view_json *t, const struct fdf_fd *d, const struct fdf_decision *v,
		  const char *members);

/* missing: descriptors that nobody could tell.  Returns the record's length in t->buf. */
size_t view_json_end(struct view_json *t, unsigned missing, const char *inexact);

#endif
