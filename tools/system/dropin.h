/*
 * dropin.h: the file that `fdfence system unit` writes.  Needs no library but libc.
 */
#ifndef FDF_DROPIN_H
#define FDF_DROPIN_H

#include <stdio.h>

#include "tools/system/place.h"

#define DROPIN_FILE   "50-fdfence.conf"
#define DROPIN_HEADER "# Written by `fdfence system unit`, which --remove takes away.\n"

/* One Environment= of systemd.exec(5): quoted, with '%' and what ends a line escaped. */
void dropin_variable(FILE *to, const char *name, const char *value);

/* Was it written by us? */
bool dropin_is_own(const struct place *p);

/*
 * Take away those that name the library, which is about to be removed: each is said, and systemd is told.
 * Those that somebody has changed, or that are links, stay, and that is said.
 * Returns 0, or -1 after a message.
 */
int dropin_forget(const char *library);

#endif
