/*
 * check.h: what check and explain share: CMD started below a collector.
 */
#ifndef FDF_CHECK_H
#define FDF_CHECK_H

struct config;

struct become {
	const struct config *config;
	char **cmd;
};

/* For child_start(): launch_exec() with ctx, a struct become. */
int become_cmd(void *ctx);

#endif
