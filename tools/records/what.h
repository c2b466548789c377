/*
 * what.h: one descriptor of a record in words and as a rule, without what
 * changes from run to run.
 */
#ifndef FDF_WHAT_H
#define FDF_WHAT_H

#include "preload/core/text.h"
#include "tools/records/record_json.h"

/*
 * "/srv/a.db", "pipe", "tcp 0.0.0.0:80", "tcp 127.0.0.1:80 <- a client": numbers
 * of pipes, ephemeral ports and process ids in /proc are folded.  The caller frees.
 */
char *what_text(const struct rec_fd *f);

/* The same into t, without a NUL. */
void what_put(struct fdf_text *t, const struct rec_fd *f);

/* The same with all that changes: "pipe:[7]", "tcp 127.0.0.1:80 -> 127.0.0.1:41229". */
char *what_exact(const struct rec_fd *f);

/* "file rw", "listener": the type and, where it says something, the access.  The caller frees. */
char *what_type(enum fdf_type type, const char *access);

/*
 * "VERDICT exe=... into=... type=... path=..." in the grammar of core/rules.h,
 * matching this descriptor and those that what_text() calls the same; "" where the
 * grammar has no name for it, since a rule would match others of its type as well: what
 * has no name or none that is known, connections, what is bound to a port that the
 * kernel chose.  exe and into as in the record.  The caller frees.
 */
char *what_rule(const char *verdict, const char *exe, const char *into, const struct rec_fd *f);

/* As much of it as is of the programs and the type alone.  The caller frees. */
char *what_rule_of(const char *verdict, const char *exe, const char *into, enum fdf_type type);

/* A GLOB (core/rules.h) that matches plain text and nothing else.  The caller frees. */
char *what_glob(const char *plain);

/* "critical"; "medium+" where what is not known may make it worse.  The caller frees. */
char *what_severity(struct fdf_severity s);

/* The colour of such a text on a terminal (tools/base/table.h); NULL: it is none of them. */
const char *what_severity_color(const char *severity);

/* Why the verdict is what it is, in a sentence without full stop.  The caller frees. */
char *what_reason(const struct rec_fd *f);

#endif
