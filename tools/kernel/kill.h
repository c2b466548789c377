/*
 * kill.h: rules for --kill, in the form that the kernel side judges.
 */
#ifndef FDF_KERNEL_KILL_H
#define FDF_KERNEL_KILL_H

#include "tools/kernel/request.h"

struct trace;

/* Before loading: how many rules there are.  After: put them into the map.  -1 after a message. */
int kill_configure(struct trace *skel, const struct trace_opts *o);
int kill_load(struct trace *skel, const struct trace_opts *o);

#endif
