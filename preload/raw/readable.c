/* readable.c: see readable.h. */
#include <errno.h>
#include <stddef.h>

#include "preload/core/bits.h"
#include "preload/raw/readable.h"
#include "preload/raw/sys.h"

#define PAGE ((uintptr_t)4096) /* the smallest there is */

enum { KNOWN = sizeof(((struct fdf_readable *)0)->page) / sizeof(uintptr_t) };

static bool page_of(struct fdf_readable *r, const void *address)
{
	uintptr_t page = (uintptr_t)address & -PAGE;

	if (!page)
		return false;
	if (page == ((uintptr_t)r & -PAGE)) /* the caller's arguments are often near it */
		return true;
	for (unsigned i = 0; i < KNOWN; i++)
		if (r->page[i] == page)
			return true;
	if (fdf_on_valgrind()) /* which would report a page that is not all the program's */
		return true;
	if (sys_sigmask(-1 /* no such way */, (const fdf_sigset *)page, NULL) == -EFAULT)
		return false;
	r->page[r->next++ % KNOWN] = page;
	return true;
}

/* The end of the text, or of the page that s lies in; valgrind would report what lies behind it. */
static const char *end_in_page(const char *s)
{
	size_t left = PAGE - (uintptr_t)s % PAGE;

	for (; left % 8 && *s; left--) /* eight that lie aligned have one tag, on arm64 */
		s++;
	if (!fdf_on_valgrind() && left % 8 == 0)
		for (; left && !fdf_has_byte(s, 0); left -= 8)
			s += 8;
	for (; left && *s; left--)
		s++;
	return s;
}

bool fdf_readable_text(struct fdf_readable *r, const char *s)
{
	while (page_of(r, s)) {
		const char *end = end_in_page(s);

		if ((uintptr_t)end % PAGE || end == s)
			return true;
		s = end;
	}
	return false;
}

size_t fdf_text_len(const char *s)
{
	const char *end = s;

	do
		end = end_in_page(end);
	while (*end);
	return (size_t)(end - s);
}

bool fdf_readable_vector(struct fdf_readable *r, char *const *v)
{
	for (; v; v++) {
		if (!page_of(r, v) || !page_of(r, (const char *)(v + 1) - 1))
			return false;
		if (!*v)
			return true;
		if (!fdf_readable_text(r, *v))
			return false;
	}
	return true;
}
