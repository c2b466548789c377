/*
 * lines.c: the lines of a file of records.
 */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "tools/base/base.h"
#include "tools/records/lines.h"
#include "tools/records/unpack.h"

#define BUFFER_BYTES (2 * LINE_BYTES)

void lines_open(struct lines *l, int fd)
{
	*l = (struct lines){ .from = unpack_open(fd), .buffer = must_alloc(BUFFER_BYTES) };
}

void lines_close(struct lines *l)
{
	unpack_close(l->from);
	free(l->buffer);
}

/* More bytes behind those that are there, which are fewer than LINE_BYTES + 1. */
static ssize_t more(struct lines *l)
{
	ssize_t n;

	if (BUFFER_BYTES - l->len < LINE_BYTES / 2) {
		memmove(l->buffer, l->buffer + l->at, l->len - l->at);
		l->len -= l->at;
		l->at = 0;
	}
	n = unpack_read(l->from, l->buffer + l->len, BUFFER_BYTES - l->len);
	l->len += n > 0 ? (size_t)n : 0;
	return n;
}

enum lines_got lines_next(struct lines *l, const char **line, size_t *len)
{
	bool too_long = false;
	size_t seen = 0; /* bytes behind at in which there is no newline */
	char *end;

	l->number++;
	while (!(end = memchr(l->buffer + l->at + seen, '\n', l->len - l->at - seen))) {
		ssize_t n;

		seen = l->len - l->at;
		if (seen > LINE_BYTES) {
			too_long = true;
			l->at = l->len;
			seen = 0;
		}
		n = more(l);
		if (n > 0)
			continue;
		if (n < 0)
			return LINES_FAILED;
		if (too_long || l->at == l->len) {
			l->at = l->len;
			return too_long ? LINES_TOO_LONG : LINES_END;
		}
		end = l->buffer + l->len;
		break;
	}
	*line = l->buffer + l->at;
	*len = (size_t)(end - *line);
	l->at += *len + (l->at + *len < l->len);
	return too_long || *len > LINE_BYTES ? LINES_TOO_LONG : LINES_LINE;
}
