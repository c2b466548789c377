/*
 * record.h: THE record: one exec and the verdicts on its descriptors, encoded
 * as one JSON line.  docs/record-format.md and docs/record.schema.json describe
 * it; tests/golden/ holds one file a version.
 *
 * Encoding streams into the caller's buffer: begin, any number of fd, end.  A
 * descriptor that does not fit is counted in "more" and leaves no half behind;
 * room for the end is always kept back.  Text that is not plain printable UTF-8
 * (control bytes, DEL, C1, bidirectional overrides, invalid bytes, and the
 * backslash itself) is written as \xHH, a byte each, inside the JSON string
 * ("\\x1b"), so that it is reversible and does no harm on a terminal.
 * Since quotes are escaped, {"fdfence": stands only where a record starts: a
 * reader finds the next whole record behind a torn one.
 *
 * Pure: no allocation, nothing writable of its own, no system call; async-signal-safe.
 */
#ifndef FDF_RECORD_H
#define FDF_RECORD_H

#include "preload/core/policy.h"
#include "preload/core/text.h"

#define FDF_RECORD_VERSION 1
#define FDF_RECORD_MIN	   4096 /* smallest buffer that always holds begin and end */

/*
 * Bytes of a record at most, its newline among them, whoever writes it: what every reader takes, and
 * whatever carries lines from host to host.  limits: record-size
 */
#define FDF_RECORD_MAX (1 << 16)

/*
 * How senders and collectors agree (preload/judge/emit.c, tools/records/): a full socket is waited
 * for so many seconds; what cannot be delivered is told in a key of type "user" in the session
 * keyring, if there is one of this name with the log's behind it: "ERRNO EXE".
 */
#define FDF_EMIT_WAIT_S 1
#define FDF_EMIT_KEY	"fdfence:"
#define FDF_EMIT_WORD	256 /* bytes of that text at most */

struct fdf_record {
	char *buf;
	size_t cap;	    /* bytes, >= FDF_RECORD_MIN */
	size_t len;	    /* bytes written so far */
	unsigned fds;	    /* descriptors written */
	unsigned more;	    /* descriptors that did not fit */
	unsigned more_kept; /* ... that are kept: they take no more than half of the record */
	size_t argv_max;    /* bytes of arguments to write at most; 0: leave argv out */
};

/* r->buf, r->cap and r->argv_max are the caller's; the rest is set here. */
void fdf_record_begin(struct fdf_record *r, const struct fdf_exec *x);
void fdf_record_fd(struct fdf_record *r, const struct fdf_fd *d, const struct fdf_decision *v);

/*
 * Close the record with '\n' and return its length in bytes.  dropped: records
 * that this process could not hand on before.  inexact: NULL, or static text
 * saying why sealing was not exact.
 */
size_t fdf_record_end(struct fdf_record *r, unsigned dropped, const char *inexact);

/* Text of the member "id", without quotation marks. */
void fdf_record_id(struct fdf_text *t, const struct fdf_exec *x);

/* The member "time" with a comma in front. */
void fdf_record_time(struct fdf_text *t, int64_t seconds, uint32_t ns);

#endif
