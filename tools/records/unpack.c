/*
 * unpack.c: the bytes of a file, packed or not.
 */
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include <zstd.h>

#include "tools/base/base.h"
#include "tools/records/unpack.h"

#define IN_BYTES (128 << 10)

struct unpack {
	int fd;
	ssize_t (*read)(struct unpack *u, void *to, size_t n);
	unsigned char in[IN_BYTES];
	size_t at, len; /* of in: what is left is at .. len */
	bool ended;	/* the file */
	bool whole;	/* all that was begun is unpacked to its end */
	z_stream gzip;
	ZSTD_DCtx *zstd;
	const char *why;
};

/* More into in, which is empty.  Returns how much; 0: the end; -1: *why is set. */
static ssize_t fill(struct unpack *u)
{
	ssize_t n;

	if (u->ended)
		return 0;
	do
		n = read(u->fd, u->in + u->len, sizeof(u->in) - u->len);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		u->why = strerror(errno);
	u->ended = !n;
	u->len += n > 0 ? (size_t)n : 0;
	return n;
}

static ssize_t refill(struct unpack *u)
{
	u->at = u->len = 0;
	return fill(u);
}

static ssize_t read_plain(struct unpack *u, void *to, size_t n)
{
	ssize_t got = u->at < u->len ? 1 : refill(u);

	if (got <= 0)
		return got;
	if (n > u->len - u->at)
		n = u->len - u->at;
	memcpy(to, u->in + u->at, n);
	u->at += n;
	return (ssize_t)n;
}

/* More of what is packed; 1: there is; 0: the end, and a good one; -1: *why is set. */
static int packed(struct unpack *u)
{
	ssize_t got = u->at < u->len ? 1 : refill(u);

	if (!got && !u->whole) {
		u->why = "it ends in the middle of what is packed";
		return -1;
	}
	return got < 0 ? -1 : got > 0;
}

static ssize_t read_gzip(struct unpack *u, void *to, size_t n)
{
	z_stream *z = &u->gzip;

	z->next_out = to;
	z->avail_out = (uInt)n;
	while (z->avail_out == n) {
		int r = packed(u);

		if (r <= 0)
			return r;
		z->next_in = u->in + u->at;
		z->avail_in = (uInt)(u->len - u->at);
		r = inflate(z, Z_NO_FLUSH);
		u->at = u->len - z->avail_in;
		u->whole = r == Z_STREAM_END;
		if (u->whole && inflateReset(z) != Z_OK)
			out_of_memory();
		if (r == Z_MEM_ERROR)
			out_of_memory();
		if (r != Z_OK && r != Z_STREAM_END && r != Z_BUF_ERROR) {
			u->why = z->msg ? z->msg : "what is packed is damaged";
			return -1;
		}
	}
	return (ssize_t)(n - z->avail_out);
}

static ssize_t read_zstd(struct unpack *u, void *to, size_t n)
{
	ZSTD_outBuffer out = { to, n, 0 };

	while (!out.pos) {
		int r = packed(u);
		ZSTD_inBuffer in = { u->in, u->len, u->at };
		size_t left;

		if (r <= 0)
			return r;
		left = ZSTD_decompressStream(u->zstd, &out, &in);
		u->at = in.pos;
		if (ZSTD_isError(left)) {
			u->why = ZSTD_getErrorName(left);
			return -1;
		}
		u->whole = !left;
	}
	return (ssize_t)out.pos;
}

static bool begins(const struct unpack *u, const char *magic, size_t n)
{
	return u->len >= n && !memcmp(u->in, magic, n);
}

/* Of zstd, also as of pzstd, which begins with a frame that is skipped. */
static bool begins_zstd(const struct unpack *u)
{
	return begins(u, "\x28\xb5\x2f\xfd", 4) ||
	       (u->len >= 4 && (u->in[0] & 0xf0) == 0x50 && !memcmp(u->in + 1, "\x2a\x4d\x18", 3));
}

/* What the file is, which its first bytes tell. */
static ssize_t read_first(struct unpack *u, void *to, size_t n)
{
	while (u->len < 4) {
		ssize_t got = fill(u);

		if (got < 0)
			return -1;
		if (!got)
			break;
	}
	u->read = read_plain;
	if (begins(u, "\x1f\x8b", 2)) {
		u->read = read_gzip;
		if (inflateInit2(&u->gzip, 16 + MAX_WBITS) != Z_OK)
			out_of_memory();
	} else if (begins_zstd(u)) {
		u->read = read_zstd;
		u->zstd = ZSTD_createDCtx();
		if (!u->zstd)
			out_of_memory();
	}
	return u->read(u, to, n);
}

struct unpack *unpack_open(int fd)
{
	struct unpack *u = must_alloc(sizeof(*u));

	u->fd = fd;
	u->read = read_first;
	return u;
}

ssize_t unpack_read(struct unpack *u, void *to, size_t n)
{
	return u->read(u, to, n);
}

const char *unpack_why(const struct unpack *u)
{
	return u->why;
}

void unpack_close(struct unpack *u)
{
	if (u->read == read_gzip)
		inflateEnd(&u->gzip);
	ZSTD_freeDCtx(u->zstd);
	close(u->fd);
	free(u);
}
