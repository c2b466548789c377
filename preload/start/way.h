/*
 * way.h: does a spawn find a file by a path that leads through the descriptor table, as
 * /proc/self/fd/3 does and what points at it?  Then the table must stay whole until its exec.
 */
#ifndef FDF_WAY_H
#define FDF_WAY_H

#include "preload/start/spawn.h"

/* Does that path, seen from here?  True too where the kernel does not tell (before Linux 5.6). */
bool fdf_way_through_table(const char *path);

/* Can that be asked here at all (openat2, Linux 5.6)?  It is remembered, until it is forgotten. */
bool fdf_ways_are_told(struct fdf_fence *f);
void fdf_ways_forget(struct fdf_fence *f);

/*
 * Does a path of the file actions of s, that of `program` behind them, or that of what runs it:
 * loader or interpreter?  Async-signal-safe; uses about 1.5 KiB of stack.
 */
bool fdf_way_needs_table(struct fdf_fence *f, const struct fdf_spawn *s, const char *program);

#endif
