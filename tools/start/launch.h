/*
 * launch.h: what run, check and explain do alike before CMD takes over.
 */
#ifndef FDF_LAUNCH_H
#define FDF_LAUNCH_H

#include "tools/options/config.h"

/*
 * Find the shim and CMD, warn when the fence will not reach CMD, put LD_PRELOAD
 * and settings into the environment.
 * Returns 0, or the exit status after a message (125, 126, 127).
 */
int launch_prepare(struct config *c, char **cmd);

/*
 * Judge the descriptors that this process was given from outside and mark those
 * that CMD shall not have close-on-exec, by the same policy as any exec, signs
 * of intent on the descriptors apart: CMD gets what --keep, a rule or a
 * convention names.  A record of it goes to the log, as the shim would write it
 * (source "command").  Then exec.  Returns only when that failed: the errno.
 */
int launch_exec(const struct config *c, char **cmd);

struct launch {
	const struct config *config;
	char **cmd;
};

/* For child_start(): launch_exec() of ctx, a struct launch. */
int launch_become(void *ctx);

/* Message for what launch_exec() returned, and the exit status that it means. */
int launch_failed(const char *cmd, int err);

#endif
