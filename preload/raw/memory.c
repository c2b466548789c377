/*
 * memory.c: what a compiler calls for a copy or a zeroed structure where it has no instruction for it, under
 * the names that it knows.  Hidden: libc's own may be somebody else's.
 */
#include <stddef.h>

void *fdf_memcpy(void *to, const void *from, size_t n) __asm__("memcpy");
void *fdf_memset(void *to, int byte, size_t n) __asm__("memset");

void *fdf_memcpy(void *to, const void *from, size_t n)
{
	const unsigned char *f = from;
	unsigned char *t = to;

	while (n--)
		*t++ = *f++;
	return to;
}

void *fdf_memset(void *to, int byte, size_t n)
{
	unsigned char *t = to;

	while (n--)
		*t++ = (unsigned char)byte;
	return to;
}
