/*
 * send.h: records from this process to a log or to a collector, as the shim
 * (preload/judge/emit.h) hands them on.
 */
#ifndef FDF_SEND_H
#define FDF_SEND_H

#include <stddef.h>

/*
 * log and key as in the settings LOG and LOG_KEY ("" or NULL: none); head: text
 * between the key and the record, "" or a relay's process id.  A new file is its
 * owner's alone, and no link is followed.  Returns 0, or an errno.
 */
int record_send(const char *log, const char *key, const char *head, const char *record, size_t len);

/* Does anybody listen at "@NAME"?  0, or an errno. */
int record_try(const char *log);

/* To an open file, whole, after waiting for its reader as long as for a collector.  0, or an errno. */
int record_write(int fd, const char *record, size_t len);

/*
 * A log file or a named pipe, open to append to as tools/base/target.h says, by no link, and none of
 * our own descriptors (ELOOP).  A pipe is waited for, not without a word.  -1, errno and in words
 * *wrong.
 */
int record_open(const char *path, const char **wrong);

#endif
