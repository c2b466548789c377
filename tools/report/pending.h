/*
 * pending.h: an exec that is told of and not yet known to have happened (aggregate.h).
 */
#ifndef FDF_REPORT_PENDING_H
#define FDF_REPORT_PENDING_H

#include <stdbool.h>
#include <sys/types.h>

#include "tools/base/paths.h"
#include "tools/records/record_json.h"
#include "tools/report/causes.h"

/* Who told of an exec; where several tell of the same one, in this order. */
enum teller { BY_COMMAND, BY_SHIM, BY_SUPERVISOR };

struct pending_leak {
	int fd;
	struct cause *cause; /* unlisted: one too many to list */
};

struct pending {
	pid_t pid;
	enum teller by;
	uid_t uid; /* effective, when it executed */
	gid_t gid;
	char *exe, *into; /* as in the record */
	struct pending_leak *leaks;
	size_t nleaks;
	struct cause **kept; /* those that a weak reason excuses */
	size_t nkept;
};

enum teller pending_teller(const struct rec *r);

/*
 * Does r tell of this exec once more?  fdfence tells what its command is given, a shim that it runs
 * under of the same exec, and a supervisor as well, when that is done.  p may be NULL.
 */
bool pending_again(const struct pending *p, const struct rec *r);

/* Is f among n leaks, by number and what it is?  Of one too many to list the number alone is known. */
bool pending_knows(const struct pending_leak *leaks, size_t n, const struct rec_fd *f);

/*
 * Is r the start of it?  It is unless the exec went into an image out of the fence's reach, which
 * then executed a covered one in the same process.  p may be NULL.
 */
bool pending_starts(const struct pending *p, const struct rec *r);

/* The file as the process sees it (it may have another root), else as we see it. */
enum image_kind pending_image(const struct pending *p);

/* NULL is nothing. */
void pending_free(struct pending *p);

#endif
