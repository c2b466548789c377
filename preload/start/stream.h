/*
 * stream.h: which streams came from popen, and their children.
 *
 * popen is hooked, so pclose and fclose of such a stream are ours too.  A slot
 * is taken and left with one atomic exchange; nothing locks.
 */
#ifndef FDF_STREAM_H
#define FDF_STREAM_H

#include "preload/raw/sys.h"

struct fdf_stream {
	void *file; /* FILE *; atomic: NULL is free, (void *)1 is being filled */
	int pid, fd;
};

/* False if there is no memory. */
bool fdf_stream_add(void *file, int pid, int fd);
/* The child of this stream, which is forgotten; 0: not from popen. */
int fdf_stream_take(void *file);
/* The descriptors of all such streams: at most max into out, which may be NULL; returns their
 * number. */
size_t fdf_stream_fds(int *out, size_t max);

#endif
