/* readable.c: see readable.h. */
#include <errno.h>
#include <stddef.h>

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
	if (fdf_on_valgrind()) /* which would report a page that is not all the program's */
		return true;
	for (unsigned i = 0; i < KNOWN; i++)
		if (r->page[i] == page)
			return true;
	if (sys_sigmask(-1 /* no such way */, (const fdf_sigset *)page, NULL) == -EFAULT)
		return false;
	r->page[r->next++ % KNOWN] = page;
	return true;
}

bool fdf_readable_text(struct fdf_readable *r, const char *s)
{
	while (page_of(r, s)) {
		for (; *s; s++)
			if ((uintptr_t)(s + 1) % PAGE == 0)
				break;
		if (!*s)
			return true;
		s++;
	}
	return false;
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
