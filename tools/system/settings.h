/*
 * settings.h: /etc/fdfence.conf and /etc/fdfence.d/: what holds for all programs where the
 * machine preloads the library.
 *
 * They are read here, once, and not by each program that starts: what it gets is
 * FDF_MACHINE_SETTINGS (preload/core/settings.h), which has been checked.
 */
#ifndef FDF_SYSTEM_SETTINGS_H
#define FDF_SYSTEM_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>

#define SETTINGS_FILE	"/etc/fdfence.conf" /* lines "set NAME=VALUE", and rules, as in a profile */
#define SETTINGS_FOLDER "/etc/fdfence.d"    /* NAME.rules: more of them, by their names' order */

/*
 * What they make together, *len bytes of it: none without them.  NULL after a message: one does
 * not parse, or may be written by others than root.  The caller frees.
 */
char *settings_read(size_t *len);

/* Is there anything of the two, be it empty? */
bool settings_are_there(void);

/* What settings_read() has made, put in force for what starts from now on.  Returns 0, or -1 after a message. */
int settings_write(const char *text, size_t len);

/*
 * Do those that are in force hold for every program: is their file root's, and for all to read?
 * Returns 0, or -1 after a message.
 */
int settings_hold(void);

/* What is in force, *len bytes of it.  NULL after a message.  The caller frees. */
char *settings_in_force(size_t *len);

#endif
