/*
 * permission.h: may a program open a file by itself, as far as the file's mode tells?  For those
 * who look from outside (the tracer, inspect); who is that program asks the kernel.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_PERMISSION_H
#define FDF_PERMISSION_H

#include "preload/core/facts.h"

struct fdf_asker {
	uint32_t uid, gid;		    /* effective; further groups are not known here */
	bool dac_override, dac_read_search; /* capabilities(7), effective */
	bool user_ns; /* of a user namespace of its own, whose capabilities may not reach the file */
};

struct fdf_owner {
	uint32_t mode, uid, gid; /* of stat(2), in the same user namespace */
};

/*
 * FDF_NOT_KNOWN where further groups, or a list of access (acl(5)), could decide: its mask is the
 * group's part of the mode, so that what is denied there is denied to all but owner and others.
 */
enum fdf_answer fdf_may_read(const struct fdf_owner *f, const struct fdf_asker *a);
enum fdf_answer fdf_may_write(const struct fdf_owner *f, const struct fdf_asker *a);
enum fdf_answer fdf_may_search(const struct fdf_owner *f, const struct fdf_asker *a); /* a folder */

#endif
