/*
 * terminal.h: text that others made, on its way to a person.
 *
 * Names, arguments and addresses are bytes that anybody may choose.  Two steps
 * make them harmless, each done once: escaped() makes the plain text that a
 * record holds (printable UTF-8, the rest \xHH); shown() makes of that what the
 * locale of this process can show (in the C locale é becomes \xc3\xa9), and
 * takes nothing for granted about what it is given.
 */
#ifndef FDF_TERMINAL_H
#define FDF_TERMINAL_H

#include "preload/core/facts.h"
#include "preload/core/text.h"

/* Bytes to plain text, as records have it.  The caller frees. */
char *escaped(struct fdf_str bytes);

/* Plain text to what is safe to print here; text of ASCII stays as it is.  The caller frees. */
char *shown(const char *plain);

/* The same behind t, which is plain and has room for four times the bytes; allocates nothing. */
void put_shown(struct fdf_text *t, const char *plain);

/* Columns of the screen that shown(plain) takes. */
unsigned shown_width(const char *plain);

/* Columns of the terminal that fd is; 0: it is none, or does not tell. */
unsigned terminal_width(int fd);

#endif
