/*
 * say.c: messages to the user.
 */
#include <stdarg.h>
#include <stdio.h>

#include "tools/base/base.h"
#include "tools/base/terminal.h"

#define PREFIX "fdfence: "

/* Arguments, paths and variables are in it as they came.  For out_of_memory() too: no malloc. */
void say(const char *fmt, ...)
{
	char message[1024 - sizeof(PREFIX)], buf[sizeof(PREFIX) + 4 * sizeof(message)];
	struct fdf_text t = { .p = buf, .end = buf + sizeof(buf), .plain = true };
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vsnprintf(message, sizeof(message), fmt, ap);
	va_end(ap);
	if (r < 0)
		return;
	fdf_puts(&t, PREFIX);
	put_shown(&t, message);
	fdf_putc(&t, '\n');
	fwrite(buf, 1, (size_t)(t.p - buf), stderr);
	fflush(stderr);
}
