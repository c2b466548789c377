/*
 * enabled.h: does every program of the machine have the library?
 */
#ifndef FDF_ENABLED_H
#define FDF_ENABLED_H

#include "tools/system/place.h"

enum enabled {
	ENABLED_UNKNOWN, /* it cannot be told */
	ENABLED_NOT,	 /* PRELOAD_FILE does not name the library */
	ENABLED_BROKEN,	 /* it does, and not every program can have it */
	ENABLED,
};

/*
 * Look; says what is wrong.  *name is what PRELOAD_FILE has for the library, which the caller frees;
 * NULL: nothing.
 */
enum enabled enabled_look(char **name);

/* Nobody but root writes PRELOAD_FILE, and all can read it.  Returns 0, or -1 after a message. */
int enabled_check_file(const struct place *p);

#endif
