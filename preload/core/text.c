/*
 * text.c: writes JSON text, or plain text, into a buffer that ends somewhere.
 *
 * Part of the pure core: no allocation, nothing writable of its own, no call out; runs in hooks,
 * vfork children and signal handlers.  Names come from whoever made them: they
 * may hold anything, so what a terminal or a reader of lines could take for more
 * than a letter never leaves here as it came.
 */
#include <stdarg.h>
#include "preload/core/text.h"

/*
 * Code points that no multi-byte character may have if it is to stay: ASCII and
 * C1, surrogates and what lies behind Unicode (RFC 3629), and those that change
 * how others are shown or are not shown at all: soft hyphen, Arabic letter mark,
 * zero width and direction marks, line separators, direction overrides and
 * isolates, byte order mark, annotations, tags (Unicode 15: Cc, Cf, Zl, Zp).
 */
static const uint32_t hidden[][2] = {
	{ 0, 0x9f },	    { 0xad, 0xad },	  { 0x61c, 0x61c },	    { 0x200b, 0x200f },
	{ 0x2028, 0x202e }, { 0x2060, 0x206f },	  { 0xd800, 0xdfff },	    { 0xfeff, 0xfeff },
	{ 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff }, { 0x110000, UINT32_MAX },
};

void fdf_put(struct fdf_text *t, const char *s, size_t n)
{
	if ((size_t)(t->end - t->p) < n) {
		t->full = true;
		return;
	}
	while (n--)
		*t->p++ = *s++;
}

void fdf_puts(struct fdf_text *t, const char *s)
{
	fdf_put(t, s, fdf_str(s).len);
}

void fdf_putc(struct fdf_text *t, char c)
{
	fdf_put(t, &c, 1);
}

static char digit(unsigned n)
{
	return (char)(n < 10 ? '0' + n : 'a' - 10 + n);
}

/* At least so many digits, zeros in front. */
static void put_number(struct fdf_text *t, uint64_t value, unsigned base, unsigned least)
{
	char b[22];
	size_t at = sizeof(b);

	do {
		b[--at] = digit((unsigned)(value % base));
		value /= base;
	} while (value || sizeof(b) - at < least);
	fdf_put(t, b + at, sizeof(b) - at);
}

void fdf_putf(struct fdf_text *t, const char *form, ...)
{
	va_list ap;

	va_start(ap, form);
	for (; *form; form++) {
		uint64_t value;
		char c = *form;

		if (c != '%' || *++form == '%') {
			fdf_putc(t, c);
			continue;
		}
		c = *form;
		if (c == 's') {
			fdf_puts(t, va_arg(ap, const char *));
			continue;
		}
		value = c == 'l' ? va_arg(ap, uint64_t) : va_arg(ap, unsigned);
		put_number(t, value,
			   c == 'o'   ? 8
			   : c == 'x' ? 16
				      : 10,
			   c <= '9' ? (unsigned)(c - '0') : 1);
	}
	va_end(ap);
}

void fdf_puthex(struct fdf_text *t, const unsigned char *s, size_t n)
{
	for (; n; n--, s++) {
		fdf_putc(t, digit(*s >> 4));
		fdf_putc(t, digit(*s & 15));
	}
}

unsigned fdf_printable(struct fdf_str s)
{
	const unsigned char *b = (const unsigned char *)s.s;
	unsigned n;
	uint32_t c;

	if (!s.len)
		return 0;
	if (b[0] < 0x80)
		return b[0] >= ' ' && b[0] != 0x7f && b[0] != '\\';
	n = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	if (b[0] < 0xc2 || b[0] > 0xf4 || s.len < n)
		return 0;
	c = b[0] & (0xffU >> (n + 1));
	for (unsigned i = 1; i < n; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3f);
	}
	/* An overlong form, by the bits that its length is there for: 2^11 for 3, 2^16 for 4. */
	if (!(c >> (5 * n - 4)))
		return 0;
	for (unsigned i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (hidden[i][0] <= c && c <= hidden[i][1])
			return 0;
	}
	return n;
}

/* JSON wants two of them for one. */
static void put_backslash(struct fdf_text *t)
{
	fdf_put(t, "\\\\", t->plain ? 1 : 2);
}

void fdf_putbyte(struct fdf_text *t, unsigned char byte)
{
	put_backslash(t);
	fdf_putc(t, 'x');
	fdf_puthex(t, &byte, 1);
}

void fdf_putesc(struct fdf_text *t, struct fdf_str s, size_t max)
{
	unsigned escape = t->plain ? 1 : 2; /* bytes of a backslash */
	size_t room = max - escape - 3;	    /* of the mark of a cut */

	while (s.len) {
		bool quote = *s.s == '"' && !t->plain;
		unsigned n = fdf_printable(s), out = !n ? escape + 3 : n + quote;

		if (out > room) {
			put_backslash(t);
			fdf_puts(t, "...");
			return;
		}
		room -= out;
		if (!n) {
			fdf_putbyte(t, (unsigned char)*s.s);
			n = 1;
		} else {
			if (quote)
				fdf_putc(t, '\\');
			fdf_put(t, s.s, n);
		}
		s.s += n;
		s.len -= n;
	}
}

void fdf_putmember(struct fdf_text *t, const char *key, struct fdf_str s, size_t max)
{
	if (!s.len)
		return;
	fdf_putf(t, ",\"%s\":\"", key);
	fdf_putesc(t, s, max);
	fdf_putc(t, '"');
}

void fdf_putnumber(struct fdf_text *t, const char *key, uint32_t value)
{
	if (value)
		fdf_putf(t, ",\"%s\":%u", key, value);
}
