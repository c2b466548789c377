/*
 * log.h: the log that settings of the machine name: each program appends to it, whoever's it is.
 */
#ifndef FDF_SYSTEM_LOG_H
#define FDF_SYSTEM_LOG_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Can every program write the log that settings, as settings_read() has them, name, nobody beside
 * root take it away, and not everybody read it?  Of the folders up to "/" the first two count.
 * True too of settings without one.  With make, one that is not there is made: of root, for all to
 * append to, for root to read.  Returns 0, or -1 after a message that says what to do.
 */
int log_ready(const char *settings, size_t len, bool make);

/* '@NAME', a socket whose name is for all to take, is refused.  Returns 0, or -1 after a message. */
int log_check_name(const char *path);

/* settings without the log, for who must not write it.  *n bytes; the caller frees. */
char *log_without(const char *settings, size_t len, size_t *n);

#endif
