/*
 * stack.h: the native stack of who called into this library.
 */
#ifndef FDF_ORIGINS_STACK_H
#define FDF_ORIGINS_STACK_H

#include <stdbool.h>
#include <stdint.h>

/* Of this library; the linker sets them. */
extern const char __ehdr_start[] __attribute__((visibility("hidden")));
extern const char _end[] __attribute__((visibility("hidden")));

/* At load: what the unwinder sets up the first time. */
void stack_open(void);

/*
 * Up to max return addresses, the innermost first, without those of this library.  The unwinder of
 * libgcc, linked in: since glibc 2.35 it finds tables by _dl_find_object(), without a lock.
 * *in_order: the stack was seen to its end, and no signal handler is on it.
 */
unsigned stack_take(uintptr_t *to, unsigned max, bool *in_order);

#endif
