/*
 * symbols.h: an address of an image to the place in its source, by elfutils (libdw).
 *
 * Separate debug information is found by build id under /usr/lib/debug, and asked of the servers in
 * DEBUGINFOD_URLS where that is set and libdebuginfod is there.
 */
#ifndef FDF_SYMBOLS_H
#define FDF_SYMBOLS_H

#include <stdint.h>

struct symbols;

struct symbols *symbols_new(void);
void symbols_free(struct symbols *s);

/*
 * The place from which a call came that returns to `at`, as path's own headers count: "main.c:12
 * (open_log)", "open_log+0x1c" where there is no debug information, "daemon+0x1a40" where there is
 * no symbol either.  *function: its name, "" if not known.  build: the image's build id in
 * hexadecimal digits; where the file at path has another one, or none, it may have been replaced and is not asked.  The
 * caller frees both.
 */
char *symbols_place(struct symbols *s, const char *path, const char *build, uint64_t at,
		    char **function);

#endif
