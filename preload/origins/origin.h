/*
 * origin.h: what the shim asks of libfdfence-origins.so, where that is loaded too.
 */
#ifndef FDF_ORIGIN_H
#define FDF_ORIGIN_H

#include <stddef.h>

#define FDF_ORIGIN_MAX 4096 /* bytes that are always room enough */

/*
 * Writes where descriptor fd was opened, an object of JSON (docs/record-format.md), and returns its
 * bytes; 0: it was not seen to be opened, or there is no room.  Async-signal-safe, and for vfork
 * children.  A weak symbol: NULL where nobody asked for origins.
 */
extern size_t fdfence_origin(int fd, char *to, size_t cap)
	__attribute__((visibility("default"), weak));

#endif
