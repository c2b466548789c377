/*
 * why.h: why bpf(2) failed, for a person.
 */
#ifndef FDF_KERNEL_WHY_H
#define FDF_KERNEL_WHY_H

#include <stdbool.h>

/* Keep what libbpf says, of the whole process: call it before libbpf is used, once. */
void why_listen(void);
/* Say why bpf(2) failed with this errno; verbose: and what libbpf said. */
void why_say(int err, bool verbose);

#endif
