/*
 * why.h: why bpf(2) failed, for a person.
 */
#ifndef FDF_KERNEL_WHY_H
#define FDF_KERNEL_WHY_H

#include <stdbool.h>

void trace_why_listen(void); /* keep what libbpf says */
/* Say why bpf(2) failed with this errno; verbose: and what libbpf said. */
void trace_why(int err, bool verbose);

#endif
