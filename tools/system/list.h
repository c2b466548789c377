/*
 * list.h: the text of ld.so.preload(5): names with white space or ':' between them,
 * comments from '#' to the end of the line.  Pure text; a name of ours is one whose
 * file is called libfdfence.so, or that with the digits of a version behind it.
 */
#ifndef FDF_LIST_H
#define FDF_LIST_H

#include <stdbool.h>
#include <stddef.h>

/* The first name of ours in text, *n bytes long; NULL: there is none. */
const char *list_own(const char *text, size_t len, size_t *n);

/*
 * text without names of ours, and without lines that held nothing else; every other
 * byte stays as it is.  *out has room for len bytes.  Returns how many it has.
 */
size_t list_without(const char *text, size_t len, char *out);

/*
 * ... and with name on a line of its own behind the rest.  *out has room for
 * len + strlen(name) + 2 bytes.  A text that has this name of ours, and no other,
 * stays as it is.
 */
size_t list_with(const char *text, size_t len, const char *name, char *out);

#endif
