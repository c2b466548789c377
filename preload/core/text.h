/*
 * text.h: writes JSON text into a buffer that ends somewhere.
 *
 * What does not fit is not written, and the writer remembers it in full, so that
 * the caller looks once, at the end, and takes the whole back.
 *
 * Pure: no allocation, no statics, no system call; async-signal-safe.
 */
#ifndef FDF_TEXT_H
#define FDF_TEXT_H

#include "facts.h"

struct fdf_text {
	char *p, *end; /* next byte, and the first one that is not ours */
	bool full;     /* something did not fit */
};

void fdf_put(struct fdf_text *t, const char *s, size_t n);
void fdf_puts(struct fdf_text *t, const char *s);
void fdf_putc(struct fdf_text *t, char c);
/* value in base 8, 10 or 16 */
void fdf_putn(struct fdf_text *t, uint64_t value, unsigned base);
/* The last digits of value in decimal, zeros in front. */
void fdf_putpad(struct fdf_text *t, uint32_t value, unsigned digits);
/* n bytes as lower-case hexadecimal digits, two each */
void fdf_puthex(struct fdf_text *t, const unsigned char *s, size_t n);

/*
 * s between the quotes of a JSON string (which the caller puts), every byte
 * that is not part of plain printable UTF-8 as \xHH.  At most max bytes (>= 5)
 * are written; a text that is longer is cut between two characters and ends
 * in a backslash and three dots, which no text has otherwise.
 */
void fdf_putesc(struct fdf_text *t, struct fdf_str s, size_t max);

/* The member "key":"value" with a comma in front; nothing at all if s is empty. */
void fdf_putmember(struct fdf_text *t, const char *key, struct fdf_str s, size_t max);
/* The same for a word of our own, of at most 50 bytes. */
void fdf_putword(struct fdf_text *t, const char *key, const char *word);
/* The member "key":value */
void fdf_putnumber(struct fdf_text *t, const char *key, uint64_t value);

#endif
