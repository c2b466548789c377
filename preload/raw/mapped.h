/* mapped.h: which file lies at an address.  Async-signal-safe; 1 KiB of stack. */
#ifndef FDF_MAPPED_H
#define FDF_MAPPED_H

#include <stddef.h>
#include <stdint.h>

/* The path of the file that is mapped at `at`, as /proc/self/maps writes it, without a NUL; its length.
 * 0: there is none, it does not fit, or there is no /proc. */
size_t fdf_mapped(uintptr_t at, char *path, size_t cap);

#endif
