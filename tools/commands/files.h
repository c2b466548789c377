/*
 * files.h: the files of records that somebody names: files, "-", and directories of them.
 */
#ifndef FDF_FILES_H
#define FDF_FILES_H

#include <stddef.h>

struct files {
	char **path; /* NULL behind the last; "-": standard input */
	size_t n;
	size_t left_out;      /* files of directories that are no records */
	char *first_left_out; /* NULL: none */
	size_t unread;	      /* of directories, named like records, which were told of */
};

/*
 * What the words name, directories to what is below them: *.jsonl, also rotated (*.jsonl.1,
 * *.jsonl-20261125) and packed (*.gz, *.zst), and *.log and *.json that begin with a record; "-" as
 * it is.  In the order of their names, but the oldest part of a rotated log first.  Each could be
 * opened.  0, or -1 after a message and nothing to free.
 */
int files_find(struct files *f, char *const *words);

/* Say which files of directories were left out. */
void files_tell(const struct files *f);

void files_free(struct files *f);

struct merge;

/*
 * Read all of them.  Lines that are none are told of and counted in *skipped, as is what is
 * damaged.  0, or -1 after a message: one could not be read at all.
 */
int files_read(const struct files *f, struct merge *m, unsigned long *skipped);

#endif
