/*
 * show.h: processes that were looked at, as rows, as rows put together, as records.
 */
#ifndef FDF_INSPECT_SHOW_H
#define FDF_INSPECT_SHOW_H

#include "tools/base/output.h"
#include "tools/inspect/look.h"
#include "tools/view/json.h"
#include "tools/view/rows.h"

/* Of a kind and its verdict: "leak", "kept", "sealed", or the verdict of a rule. */
const char *inspect_verdict(const struct inspect_fd *i);

/* "high", "medium+" (or worse); "" for what is meant, as in records.  The caller frees. */
char *inspect_severity(const struct inspect_fd *i);

/*
 * What is shown of them as one table, the header in front if it is the first; behind it what could
 * not be told.  "" if there is nothing.  The caller frees.
 */
char *inspect_rows(struct view_rows *t, const struct inspect_process *all, size_t processes);

/* The columns that were asked for.  Returns 0, or -1 after a message. */
int inspect_rows_init(struct view_rows *t, const struct inspect_opts *o, const struct output *out);

/* The record of table i, in t->buf until the next; returns its length, 0: there is nothing to tell. */
size_t inspect_json(struct view_json *t, const struct inspect_process *x, size_t i,
		    const struct inspect_opts *o);

/* All of them put together by unit or program, as text.  The caller frees. */
char *inspect_groups(const struct inspect_process *all, size_t n, const struct inspect_opts *o,
		     const struct output *out);

#endif
