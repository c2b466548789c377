/*
 * spawn.h: the spawn engine behind posix_spawn and its kin, popen and system.
 *
 * The child marks its own copy of the table first, then runs the file actions:
 * their targets keep themselves, their sources stay usable, and no other thread
 * can open something in between.  Async-signal-safe; allocates nothing but the
 * scratch for a record, which it gives back.
 */
#ifndef FDF_SPAWN_H
#define FDF_SPAWN_H

#include "preload/start/fileactions.h"
#include "preload/judge/judge.h"

struct fdf_spawn {
	struct fdf_call call;	     /* entry, path, argv, envp */
	const void *file_actions;    /* libc's, or NULL */
	const struct fdf_attr *attr; /* libc's, or NULL */
	bool search;		     /* path is a name for PATH */
	bool to_shell; /* what the kernel cannot run goes to /bin/sh: posix_spawn@GLIBC_2.2.5 */
	int *pidfd;    /* pidfd_spawn, or NULL */
	/* For popen: put `from` onto `onto` (both -1: no) after the file actions. */
	int from, onto;
	const int *close; /* -1-terminated numbers to close, also where leaks are let through; or
			     NULL */
};

/* The new process, or the negative errno as posix_spawn reports it. */
int fdf_spawn(struct fdf_fence *f, const struct fdf_spawn *s);

/* Is everything about this spawn known to the engine? */
bool fdf_spawn_known(const struct fdf_fence *f, const struct fdf_spawn *s);

#endif
