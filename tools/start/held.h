/*
 * held.h: CMD of `trace -- CMD`.
 */
#ifndef FDF_START_HELD_H
#define FDF_START_HELD_H

#include <sys/types.h>

/* A child that waits; *go: write a byte (or close) to let it exec.  -1 after a message. */
pid_t trace_cmd_start(char **cmd, int *go);

#endif
