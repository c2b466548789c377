/*
 * entry.h: one line of a baseline.
 *
 *	report exe=./build/x into=/usr/bin/dash type=file path=/srv/a.db access=rw severity=low  # why
 *
 * A rule of core/rules.h with the verdict report and four words more: the line is of leaks that
 * allow no more than access (r, w, rw, path), are no worse than severity (low ... critical;
 * "medium+" may be worse than medium), did not get through (outcome=sealed or refused, which are one
 * here, as in tools/report/older.h), and read like what, a GLOB for finding_stable() of what a
 * report shows, where a port that nobody chose is a star of its own.  Without such a word it is of
 * all.  A pattern that begins with ./ is of the current directory.
 */
#ifndef FDF_ENTRY_H
#define FDF_ENTRY_H

#include "preload/core/rules.h"
#include "tools/report/causes.h"

struct entry {
	char *text;    /* the line without its comment */
	char *comment; /* behind it, from '#' on; "" if there is none */
	char *above;   /* lines of comments in front of it */
	unsigned line; /* 0: new */
	bool used;     /* a cause fits */
	char *expanded;
	struct fdf_rule rule; /* points into expanded */
	char *access, *what;  /* NULL: any */
	bool stopped;	      /* of what was sealed or refused alone */
	bool has_severity;
	struct fdf_severity severity;
};

/* Take text apart, which stands in line of path.  0, or -1 after a message; free e in both cases. */
int entry_parse(struct entry *e, const char *text, const char *path, unsigned line);
void entry_free(struct entry *e);

/* The line that such a leak gets; "" for one that is not known by anything.  The caller frees. */
char *entry_text(const struct cause *c);

/* A cause as a line sees it: bytes. */
struct entry_facts {
	const struct cause *cause;
	struct fdf_exec x;
	struct fdf_fd d;
	char *exe, *into, *target, *local, *what;
};

void entry_facts_of(struct entry_facts *f, const struct cause *c);
void entry_facts_free(struct entry_facts *f);

/* Is the leak one of the line's? */
bool entry_fits(const struct entry *e, const struct entry_facts *f);

/* May the line be about what this program, a path as in a record, leaks? */
bool entry_is_of(const struct entry *e, const char *exe);

#endif
