/*
 * text.c: writes JSON text into a buffer that ends somewhere.
 *
 * Part of the pure core: no allocation, no statics, no call out; runs in hooks,
 * vfork children and signal handlers.  Names come from whoever made them: they
 * may hold anything, so what a terminal or a reader of lines could take for more
 * than a letter never leaves here as it came.
 */
#include "text.h"

/*
 * Code points above ASCII that are not plain: C1, soft hyphen, Arabic letter
 * mark, zero width and direction marks, line separators, direction overrides and
 * isolates, byte order mark, annotations, tags (Unicode 15, Cc, Cf, Zl and Zp
 * that change how their neighbours are shown).
 */
static const uint32_t hidden[][2] = {
	{ 0x80, 0x9f },	    { 0xad, 0xad },	{ 0x61c, 0x61c },
	{ 0x200b, 0x200f }, { 0x2028, 0x202e }, { 0x2060, 0x206f },
	{ 0xfeff, 0xfeff }, { 0xfff9, 0xfffb }, { 0xe0000, 0xe0fff },
};

#define WORD_OUT 64

static const char cut[] = "\\\\...";

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

/* The last digits of value, at least so many and up to the first that is not zero. */
static void put_digits(struct fdf_text *t, uint64_t value, unsigned base, unsigned least)
{
	char b[22];
	size_t at = sizeof(b);

	do {
		b[--at] = digit((unsigned)(value % base));
		value /= base;
	} while (value || sizeof(b) - at < least);
	fdf_put(t, b + at, sizeof(b) - at);
}

void fdf_putn(struct fdf_text *t, uint64_t value, unsigned base)
{
	put_digits(t, value, base, 1);
}

void fdf_putpad(struct fdf_text *t, uint32_t value, unsigned digits)
{
	put_digits(t, value, 10, digits);
}

void fdf_puthex(struct fdf_text *t, const unsigned char *s, size_t n)
{
	for (; n; n--, s++) {
		fdf_putc(t, digit(*s >> 4));
		fdf_putc(t, digit(*s & 15));
	}
}

/* Bytes of the plain printable character that s starts with; 0: its first byte is none. */
static unsigned printable(struct fdf_str s)
{
	const unsigned char *b = (const unsigned char *)s.s;
	unsigned n = b[0] >= 0xf0 ? 4 : b[0] >= 0xe0 ? 3 : 2;
	uint32_t c = b[0] & (0xffU >> (n + 1));

	if (b[0] < 0x80)
		return b[0] >= ' ' && b[0] != 0x7f && b[0] != '\\';
	if (b[0] < 0xc2 || b[0] > 0xf4 || s.len < n)
		return 0;
	for (unsigned i = 1; i < n; i++) {
		if ((b[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (b[i] & 0x3f);
	}
	/* Overlong forms, surrogates and what lies behind Unicode are no UTF-8 (RFC 3629). */
	if ((n == 3 && c < 0x800) || (n == 4 && c < 0x10000) || c > 0x10ffff || c >> 11 == 0x1b)
		return 0;
	for (unsigned i = 0; i < sizeof(hidden) / sizeof(hidden[0]); i++) {
		if (hidden[i][0] <= c && c <= hidden[i][1])
			return 0;
	}
	return n;
}

void fdf_putesc(struct fdf_text *t, struct fdf_str s, size_t max)
{
	size_t room = max - (sizeof(cut) - 1);

	while (s.len) {
		unsigned n = printable(s), out = !n ? 5 : *s.s == '"' ? 2 : n;

		if (out > room) {
			fdf_puts(t, cut);
			return;
		}
		room -= out;
		if (!n) {
			fdf_put(t, "\\\\x", 3);
			fdf_puthex(t, (const unsigned char *)s.s, 1);
			n = 1;
		} else {
			if (*s.s == '"')
				fdf_putc(t, '\\');
			fdf_put(t, s.s, n);
		}
		s.s += n;
		s.len -= n;
	}
}

static void put_key(struct fdf_text *t, const char *key)
{
	fdf_puts(t, ",\"");
	fdf_puts(t, key);
	fdf_puts(t, "\":");
}

void fdf_putmember(struct fdf_text *t, const char *key, struct fdf_str s, size_t max)
{
	if (!s.len)
		return;
	put_key(t, key);
	fdf_putc(t, '"');
	fdf_putesc(t, s, max);
	fdf_putc(t, '"');
}

void fdf_putword(struct fdf_text *t, const char *key, const char *word)
{
	fdf_putmember(t, key, fdf_str(word), WORD_OUT);
}

void fdf_putnumber(struct fdf_text *t, const char *key, uint64_t value)
{
	put_key(t, key);
	fdf_putn(t, value, 10);
}
