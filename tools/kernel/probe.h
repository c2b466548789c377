/*
 * probe.h: what the running kernel has.
 */
#ifndef FDF_KERNEL_PROBE_H
#define FDF_KERNEL_PROBE_H

#include <stdbool.h>

#include "bpf/event.h"

/* The offsets in cfg; whether there are sched_prepare_exec and bpf_loop. */
void probe_kernel(struct fdt_config *cfg, bool *prepares, bool *loops);

#endif
