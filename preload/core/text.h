/*
 * text.h: writes JSON text, or the plain text that it stands for, into a buffer
 * that ends somewhere.
 *
 * What does not fit is not written, and the writer remembers it in full, so that
 * the caller looks once, at the end, and takes the whole back.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_TEXT_H
#define FDF_TEXT_H

#include "preload/core/facts.h"

struct fdf_text {
	char *p, *end; /* next byte, and the first one that is not ours */
	bool full;     /* something did not fit */
	bool plain;    /* no JSON: a backslash and a quote stand as they are */
};

/*
 * Bytes of the character that s starts with, if it does no harm wherever it is shown: printable
 * UTF-8, and no backslash, which is what escapes start with.  0: its first byte is to be written
 * as \xHH.
 */
unsigned fdf_printable(struct fdf_str s);

void fdf_put(struct fdf_text *t, const char *s, size_t n);
void fdf_puts(struct fdf_text *t, const char *s);
void fdf_putc(struct fdf_text *t, char c);

/*
 * form as it stands, but for %u %o %x (unsigned), %l (uint64_t), %s (a string of
 * our own, written without escapes), %% and %1 to %9 (unsigned: its last digits,
 * so many, zeros in front).
 */
void fdf_putf(struct fdf_text *t, const char *form, ...);

/* n bytes as lower-case hexadecimal digits, two each */
void fdf_puthex(struct fdf_text *t, const unsigned char *s, size_t n);

/* The byte as \xHH. */
void fdf_putbyte(struct fdf_text *t, unsigned char byte);

/*
 * s between the quotes of a JSON string (which the caller puts), every byte
 * that fdf_printable() refuses as \xHH.  At most max bytes (>= 5) are written;
 * a text that is longer is cut between two characters and ends in a backslash
 * and three dots, which no text has otherwise.
 */
void fdf_putesc(struct fdf_text *t, struct fdf_str s, size_t max);

/* The member "key":"value" with a comma in front; nothing at all if s is empty. */
void fdf_putmember(struct fdf_text *t, const char *key, struct fdf_str s, size_t max);
/* The member "key":value with a comma in front; nothing at all if value is 0. */
void fdf_putnumber(struct fdf_text *t, const char *key, uint32_t value);

#endif
