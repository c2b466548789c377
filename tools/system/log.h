/*
 * log.h: the log that settings of the machine name: each program appends to it, whoever's it is.
 */
#ifndef FDF_SYSTEM_LOG_H
#define FDF_SYSTEM_LOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Can every program write the log that settings, as settings_read() has them, name, and nobody
 * beside root take it away?  Of the folders up to "/" both count.  True too of settings without
 * one, and of '@NAME', a socket.  With make, one that is not there is made: of root, for all to
 * append to, for root to read.  Returns 0, or -1 after a message that says what to do.
 */
int log_ready(const char *settings, size_t len, bool make);

/* settings without the log, for who must not write it.  *n bytes; the caller frees. */
char *log_without(const char *settings, size_t len, size_t *n);

#endif
