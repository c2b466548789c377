/*
 * The lines of foreign files, packed or not: reading ends, each line has its number, and none is
 * longer than it may be.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tools/records/lines.h"
#include "tools/records/unpack.h"

#define check(x)  ((x) ? (void)0 : abort())
#define LINES_MAX 4096 /* what is packed may be much more than the input */

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t len)
{
	int fd = memfd_create("lines", MFD_CLOEXEC);
	enum lines_got got = LINES_LINE;
	unsigned long n = 0;
	const char *line;
	struct lines l;
	size_t size;

	check(fd >= 0 && write(fd, data, len) == (ssize_t)len && !lseek(fd, 0, SEEK_SET));
	lines_open(&l, fd);
	while (n < LINES_MAX && (got = lines_next(&l, &line, &size)) != LINES_END &&
	       got != LINES_FAILED) {
		check(l.number == ++n);
		check(got == LINES_TOO_LONG || (size <= LINE_BYTES && !memchr(line, '\n', size)));
	}
	check(got != LINES_FAILED || unpack_why(l.from));
	lines_close(&l);
	return 0;
}
