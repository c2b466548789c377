/*
 * fileactions.h: reads posix_spawn's file actions and attributes as the libc at hand lays them out.
 *
 * glibc: an array of tagged structures (posix/spawn_int.h, unchanged from 2.29,
 * with closefrom from 2.34 and tcsetpgrp from 2.35); musl: a list, newest first
 * (src/process/fdop.h).  Both are read with every bound and tag checked: an
 * action or a flag that is not known here makes `known` or
 * fdf_attr_known() false, and the caller leaves the whole to libc.
 * Async-signal-safe; allocates nothing.
 */
#ifndef FDF_FILEACTIONS_H
#define FDF_FILEACTIONS_H

#include "preload/raw/sys.h"

enum fdf_fileaction_kind {
	FDF_DO_CLOSE,
	FDF_DO_DUP2,
	FDF_DO_OPEN,
	FDF_DO_CHDIR,
	FDF_DO_FCHDIR,
	FDF_DO_CLOSEFROM,
	FDF_DO_TCSETPGRP
};

struct fdf_fileaction {
	int kind;
	int fd;	   /* what is closed, opened, or duplicated from; the lowest for closefrom */
	int newfd; /* dup2 */
	int oflag;
	unsigned mode;
	const char *path;
};

/* A position in the list; start with { 0 }. */
struct fdf_cursor {
	const void *at;
	int n;
	bool started;
};

/* fa: posix_spawn_file_actions_t, may be NULL.  False at the end, and where something is not known.
 */
bool fdf_fileaction_next(const void *fa, bool glibc, struct fdf_cursor *c,
			 struct fdf_fileaction *out);

/* Is what stands at fd before the actions gone behind them, or placed there by one of them? */
bool fdf_fileactions_settle(const void *fa, bool glibc, int fd);

struct fdf_fileactions {
	bool known;
	bool places; /* an action leaves a descriptor above 2 */
	bool leads;  /* an action opens a file, or goes to another directory */
	int source;  /* highest number that an action needs to find open; -1: none */
};
struct fdf_fileactions fdf_fileactions_read(const void *fa, bool glibc);

/* posix_spawn's flags, the same in both; the last is glibc's alone. */
enum fdf_spawn_flag {
	FDF_SPAWN_RESETIDS = 1,
	FDF_SPAWN_SETPGROUP = 2,
	FDF_SPAWN_SETSIGDEF = 4,
	FDF_SPAWN_SETSIGMASK = 8,
	FDF_SPAWN_SETSCHEDPARAM = 16,
	FDF_SPAWN_SETSCHEDULER = 32,
	FDF_SPAWN_USEVFORK = 64,
	FDF_SPAWN_SETSID = 128,
	FDF_SPAWN_SETCGROUP = 256, /* from 2.39 */
};

/* Common to glibc and musl on the architectures that sys.h knows (glibc: spawn.h; musl: spawn.h).
 */
struct fdf_attr {
	uint16_t flags;
	uint16_t high; /* musl's flags are an int; never set */
	int pgroup;
	fdf_sigset sigdefault;
	char pad1[128 - sizeof(fdf_sigset)];
	fdf_sigset sigmask;
	char pad2[128 - sizeof(fdf_sigset)];
	int priority;
	int policy;
	int cgroup; /* glibc from 2.39 */
};

/* Carry out one action in the calling process.  >= 0, or the negative errno that the spawn fails
 * with. */
int fdf_fileaction_run(const struct fdf_fileaction *a, bool glibc);

/* dup2; from == to clears close-on-exec (POSIX.1-2024, posix_spawn_file_actions_adddup2). */
int fdf_move(int from, int to);

bool fdf_attr_known(const struct fdf_attr *a, bool glibc);

/* Give the calling process what the attributes ask for, but for signals.  0, or the negative errno. */
int fdf_attr_apply(const struct fdf_attr *a, bool glibc);

#endif
