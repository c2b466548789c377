/*
 * facts.h: one descriptor that was looked at, read as a record's: what is said of
 * it (what.h) is the same as where a record came from elsewhere.
 */
#ifndef FDF_RECORDS_FACTS_H
#define FDF_RECORDS_FACTS_H

#include "preload/core/policy.h"
#include "tools/records/record_json.h"

struct rec_facts {
	struct rec_fd fd; /* text in it belongs to root */
	json_t *root;
};

/* d and v are copied. */
void rec_facts(struct rec_facts *to, const struct fdf_fd *d, const struct fdf_decision *v);
void rec_facts_free(struct rec_facts *f);

#endif
