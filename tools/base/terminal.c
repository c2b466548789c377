/*
 * terminal.c: text that others made, on its way to a person.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>
#include <wctype.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"

char *escaped(struct fdf_str bytes)
{
	size_t max = 4 * bytes.len + 8; /* a \xHH each, and fdf_putesc() keeps room for a cut */
	char *buf = must_alloc(max + 1);
	struct fdf_text t = { .p = buf, .end = buf + max, .plain = true };

	fdf_putesc(&t, bytes, max);
	*t.p = '\0';
	return buf;
}

/* Bytes of the character at s that this locale shows, 0: it does not. */
static size_t showable(const char *s, size_t len)
{
	mbstate_t state = { 0 };
	wchar_t c;
	size_t n;

	if (*s == '\\') /* of an escape */
		return 1;
	n = fdf_printable((struct fdf_str){ s, len });
	if (n <= 1)
		return n;
	return mbrtowc(&c, s, n, &state) == n && iswprint((wint_t)c) && wcwidth(c) >= 0 ? n : 0;
}

void put_shown(struct fdf_text *t, const char *plain)
{
	size_t len = strlen(plain);

	while (len) {
		size_t n = showable(plain, len);

		if (n)
			fdf_put(t, plain, n);
		else
			fdf_putbyte(t, (unsigned char)*plain);
		n += !n;
		plain += n;
		len -= n;
	}
}

char *shown(const char *plain)
{
	size_t max = 4 * strlen(plain);
	char *buf = must_alloc(max + 1);
	struct fdf_text t = { .p = buf, .end = buf + max, .plain = true };

	put_shown(&t, plain);
	*t.p = '\0';
	return buf;
}

unsigned shown_width(const char *plain)
{
	char *text = shown(plain);
	const char *p = text;
	mbstate_t state = { 0 };
	unsigned width = 0;
	wchar_t c;
	size_t n;

	for (; *p >= ' ' && *p <= '~'; p++) /* most texts have nothing else */
		width++;
	for (; (n = mbrtowc(&c, p, MB_CUR_MAX, &state)) && n <= MB_CUR_MAX; p += n)
		width += (unsigned)wcwidth(c);
	free(text);
	return width;
}

unsigned terminal_width(int fd)
{
	struct winsize w;

	return isatty(fd) && !ioctl(fd, TIOCGWINSZ, &w) ? w.ws_col : 0;
}
