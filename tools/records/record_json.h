/*
 * record_json.h: one line to a record.  Lines come from files and from a
 * socket that any local process may write to: nothing in them is trusted.
 */
#ifndef FDF_RECORD_JSON_H
#define FDF_RECORD_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "preload/core/policy.h"
#include "preload/core/severity.h"

enum rec_event { REC_EXEC, REC_START, REC_FAILED, REC_SNAPSHOT, REC_EVENTS };

const char *rec_event_name(enum rec_event event); /* as in a record */

/* Text is as in the record: plain, other bytes written as \xHH.  Never NULL: "" if not there. */
struct rec_fd {
	int fd;
	bool cloexec;
	bool has_socket;
	enum fdf_type type;
	enum fdf_verdict verdict; /* never FDF_NONE */
	enum fdf_reason reason;
	const char *target, *by, *why, *asked;
	const char *access; /* "r", "w", "rw", "path"; "" where it says nothing: a socket */
	const char *family, *sock_type, *protocol, *local, *peer;
	/* As the record says, or, where it says nothing, as far as its facts tell. */
	struct fdf_severity severity;
	json_t *json;
};

struct rec {
	enum rec_event event;
	const char *source, *time, *host, *boot_id, *comm, *exe, *into, *entry, *inexact, *cgroup;
	long long pid, ppid, uid, gid;
	bool in_child; /* the exec is made by children of pid, which libc makes */
	bool killed;   /* the tracer ended the process as it executed, for what a rule denies */
	unsigned more, more_kept, dropped;
	unsigned part, parts; /* 0: it is the only one; it is not the last one */
	const char *part_of;  /* id of the first */
	int error;
	json_t *argv; /* array of strings, or NULL; belongs to root */
	struct fdf_str
		argv_text; /* the same in JSON, where there is no root (tools/records/quick.h) */
	size_t nfds;
	struct rec_fd *fds;
	json_t *root;
};

/*
 * Read the last whole record of a line of len bytes (in front of it may stand
 * the half of a torn one).  Returns 0 and *r to be given to rec_free(); -1 with
 * *why saying what is wrong and nothing to free.  Refused: anything but an
 * object of version 1 with the members it needs, wrong types, words for
 * type, verdict and reason that nobody knows, and strings with control bytes,
 * which an encoder never writes.
 */
int rec_read(struct rec *r, const char *line, size_t len, const char **why);
void rec_free(struct rec *r);

/*
 * One object of "fds".  Text in *f belongs to o and is not looked through.  Returns false if o is
 * not as it should be; each member that is, is in *f all the same.
 */
bool rec_read_fd(struct rec_fd *f, json_t *o);

/* \xHH back to bytes, in place; returns the number of bytes.  A NUL is put behind. */
size_t rec_unescape(char *s);

#endif
