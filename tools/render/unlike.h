/*
 * unlike.h: names that come twice, where a reader takes one name for one thing.
 */
#ifndef FDF_UNLIKE_H
#define FDF_UNLIKE_H

#include <jansson.h>

/* name, with a number behind it ("-2") if key was there before; seen remembers.  The caller frees. */
char *unlike(json_t *seen, const char *name, const char *key);

#endif
