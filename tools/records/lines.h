/*
 * lines.h: the lines of a file of records, one at a time.
 */
#ifndef FDF_LINES_H
#define FDF_LINES_H

#include <stddef.h>

#include "preload/core/record.h"

/* Several records may have lost their line ends; what is longer is none of ours. */
#define LINE_BYTES (16 * FDF_RECORD_MAX)

struct lines {
	struct unpack *from;
	char *buffer;	      /* of 2 * LINE_BYTES */
	size_t at, len;	      /* of buffer: what is left is at .. len */
	unsigned long number; /* of the line that lines_next() told of, from 1 */
};

enum lines_got {
	LINES_END,
	LINES_LINE,
	LINES_TOO_LONG, /* it was skipped, to its end */
	LINES_FAILED,	/* unpack_why(l->from) tells; nothing comes behind it */
};

/* fd is closed by lines_close(). */
void lines_open(struct lines *l, int fd);

/*
 * The next line, without its newline; the last one may have none.  *line is in the buffer and
 * valid until the next call, and may hold any bytes.
 */
enum lines_got lines_next(struct lines *l, const char **line, size_t *len);

void lines_close(struct lines *l);

#endif
