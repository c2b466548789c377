/*
 * privileges.h: what root's processes of a supervisor keep once the filter stands.
 */
#ifndef FDF_SUPERVISE_PRIVILEGES_H
#define FDF_SUPERVISE_PRIVILEGES_H

#include <linux/capability.h>
#include <stdbool.h>
#include <stdint.h>

#define PRIVILEGE(cap) (UINT64_C(1) << (cap))

/* Has the calling thread all of the set? */
bool privileges_have(uint64_t set);

/*
 * Of the capabilities that the calling thread has, keep those in the set, and gain none by an exec
 * any more.  Before there are other threads, which would keep theirs.  Says why, if it fails.
 */
void privileges_keep(uint64_t set);

#endif
