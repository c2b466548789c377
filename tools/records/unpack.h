/*
 * unpack.h: the bytes of a file, unpacked if it is one of gzip or Zstandard, whatever its name.
 */
#ifndef FDF_UNPACK_H
#define FDF_UNPACK_H

#include <stddef.h>
#include <sys/types.h>

struct unpack;

/* fd is closed by unpack_close(). */
struct unpack *unpack_open(int fd);

/*
 * Up to n bytes (n > 0); 0: the end; -1: the file cannot be read, or what is packed is damaged or
 * ends too early.  What came before that holds.
 */
ssize_t unpack_read(struct unpack *u, void *to, size_t n);

/* Why -1; valid until unpack_close(). */
const char *unpack_why(const struct unpack *u);

void unpack_close(struct unpack *u);

#endif
