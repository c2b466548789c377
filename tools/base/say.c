/*
 * say.c: messages to the user.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "tools/base/base.h"

void say(const char *fmt, ...)
{
	char buf[1024] = "fdfence: ";
	size_t n = strlen(buf);
	va_list ap;
	int r;

	va_start(ap, fmt);
	r = vsnprintf(buf + n, sizeof(buf) - n - 1, fmt, ap);
	va_end(ap);
	if (r < 0)
		return;
	n += (size_t)r < sizeof(buf) - n - 1 ? (size_t)r : sizeof(buf) - n - 2;
	buf[n++] = '\n';
	fwrite(buf, 1, n, stderr);
	fflush(stderr);
}
