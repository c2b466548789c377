/*
 * type.h: which of our types a descriptor is.  The one place that decides; the kernel side of
 * --kill has to have its own (bpf/kill.bpf.h), which tests/e2e/trace/more.sh holds equal to it.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_TYPE_H
#define FDF_TYPE_H

#include "preload/core/facts.h"

/*
 * Of d->mode, d->sock (NULL: it is none, or none that could be asked) and the first bytes of
 * target, as /proc/PID/fd/N reads: FDF_TYPE_NAME of them will do.  memory: it lies in no directory
 * (st_nlink is 0) of a file system of the kernel's own, which any file may be called after.
 */
enum fdf_type fdf_type_of(const struct fdf_fd *d, bool memory, struct fdf_str target);

#define FDF_TYPE_NAME 7

/* Does the target say more than mode, d->sock and memory do? */
bool fdf_type_asks_name(const struct fdf_fd *d, bool memory);

/*
 * Is the file system that statfs(2) tells type and blocks of the one that the kernel keeps for
 * memory files?  It has no bounds, which a mounted tmpfs has unless it is mounted with size=0; of
 * huge pages both tell the same.
 */
bool fdf_type_in_memory(uint64_t fs_type, uint64_t blocks);

#endif
