/*
 * kill.h: rules for --kill, in the form that the kernel side judges.
 */
#ifndef FDT_TRACE_KILL_H
#define FDT_TRACE_KILL_H

#include "bpf/event.h"
#include "tools/kernel/request.h"

struct trace;

/*
 * One rule of the policy in the kernel's form.  Returns NULL, or static text
 * saying what the kernel side cannot do.
 */
const char *trace_kill_rule(struct fdt_rule *to, const struct fdf_rule *from);

/* Before loading: how many rules there are.  After: put them into the map.  -1 after a message. */
int trace_kill_configure(struct trace *skel, const struct trace_opts *o);
int trace_kill_load(struct trace *skel, const struct trace_opts *o);

#endif
