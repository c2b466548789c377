/*
 * names.h: a name in ld.so.preload(5), and the files that it stands for: with $LIB one for each word
 * size, /usr/lib64/..., /usr/lib/i386-linux-gnu/...  Needs no library but libc.
 */
#ifndef FDF_NAMES_H
#define FDF_NAMES_H

#include <stdbool.h>
#include <stddef.h>

/* Does name, which is n bytes long, stand for path, whether that is there or not?  Pure text. */
bool names_path(const char *name, size_t n, const char *path);

/* Is one of the files that are there, and that it stands for, what is() says?  Asks until one is. */
bool names_any(const char *name, size_t n, bool (*is)(const char *path, void *ctx), void *ctx);

/*
 * Is there a libc in dir, which is below /usr, or in the folder of that name without /usr, that is what is() says?
 * Where it lies is what $LIB stands for in the ld.so that was built with it.
 */
bool names_libc(const char *dir, bool (*is)(const char *path, void *ctx), void *ctx);

#endif
