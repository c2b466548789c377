/*
 * severity_json.h: how bad a leak is, from the record that tells of it.
 */
#ifndef FDF_SEVERITY_JSON_H
#define FDF_SEVERITY_JSON_H

#include "tools/records/record_json.h"

/*
 * Of o, an object of "fds" whose other members *f has.  A record that does not say (an older one,
 * of what is kept) is judged by the facts that it has.  Returns false if a member is not as it
 * should be.
 */
bool rec_read_severity(struct rec_fd *f, json_t *o);

/* As far as the facts tell; mode and rdev as in the record, NULL if they are not there. */
struct fdf_severity rec_severity(const struct rec_fd *f, const char *mode, const char *rdev);

#endif
