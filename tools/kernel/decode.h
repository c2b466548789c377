/*
 * decode.h: records of the kernel (bpf/event.h) to one exec with its
 * descriptors.  Bounds-checked: nothing in a record is believed before it was
 * looked at, so that short, long and lying records do no harm (tests/fuzz/fuzz_decode.c).
 *
 * No system calls.  One decoder is for one thread; execs that it handed out are
 * the caller's and live on without it.
 */
#ifndef FDF_KERNEL_DECODE_H
#define FDF_KERNEL_DECODE_H

#include "bpf/event.h"
#include "preload/core/facts.h"

struct trace_fd {
	struct fdf_fd d; /* target and sock point into this struct or its exec */
	struct fdf_sock sock;
	char *target;
	uint32_t uid, gid;     /* who owns the file */
	uint32_t way;	       /* FDT_ROOTED ... FDT_DOUBT */
	uint16_t facts, seals; /* as in fdt_fd */
	bool would;	       /* sealed before the exec: did not cross */
	uint64_t group;	       /* of --summary; 0: none */
};

/* Text that the kernel sent in pieces or at once; s is NUL-terminated or NULL. */
struct decode_text {
	char *s;
	size_t len;
	uint32_t flags; /* FDT_CUT ... */
};

struct trace_exec {
	uint64_t id;
	bool have_prep, have_begin, have_end;
	struct fdt_prep prep;	  /* fixed parts, text in the members below */
	struct fdt_prep prep_end; /* what was sealed, and how much of it was told */
	struct fdt_begin begin;
	struct fdt_end end;
	struct decode_text old_exe, exe, cwd, name, args, env;
	struct trace_fd *fds;
	size_t nfds, cap;
	unsigned args_next, env_next; /* piece that is expected */
	bool args_torn, env_torn;     /* a piece is missing */
};

struct decode_counts {
	uint64_t bad;  /* records that were refused */
	uint64_t torn; /* execs that began and whose end never came */
};

struct decode;

struct decode *decode_new(void);
void decode_free(struct decode *d);

/*
 * Take one record.  Returns an exec when this record completed it (the caller
 * gives it to trace_exec_free()), else NULL.  Records of unknown kind, of a
 * wrong size or out of order are counted as bad.
 */
struct trace_exec *decode_feed(struct decode *d, const void *rec, size_t len);
void trace_exec_free(struct trace_exec *x);

struct decode_counts decode_counts(const struct decode *d);

/* The path of a cgroup, "" if it was never told.  Valid until the next decode_feed(). */
const char *decode_cgroup(const struct decode *d, uint64_t id);

/*
 * Type and target as /proc/PID/fd/N reads, from the fixed part and its text (see decode_fd.c).
 * f->d.sock is set by decode_feed(), once all descriptors are there.
 */
void decode_fd(struct trace_fd *f, const struct fdt_fd *e, const char *text, size_t len);

/*
 * Split NUL-separated text into a NULL-terminated vector whose strings point
 * into t->s.  The caller frees the vector.
 */
char **decode_vector(const struct decode_text *t);

/* The file that was asked for: the script, made absolute, or the new image.  The caller frees. */
char *decode_into(const struct trace_exec *x);

#endif
