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
 * target, as /proc/PID/fd/N reads: FDF_TYPE_NAME of them will do.  linked: it lies in a directory
 * (st_nlink is not 0); a memory file never does, whatever a file is called.
 */
enum fdf_type fdf_type_of(const struct fdf_fd *d, bool linked, struct fdf_str target);

#define FDF_TYPE_NAME 7

/* Does the target say more than mode, d->sock and linked do? */
bool fdf_type_asks_name(const struct fdf_fd *d, bool linked);

#endif
