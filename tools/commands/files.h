/*
 * files.h: the files of records that somebody names: files, "-", and directories of them.
 */
#ifndef FDF_FILES_H
#define FDF_FILES_H

#include <stddef.h>

struct files {
	char **path; /* NULL behind the last; "-": standard input */
	size_t n;
};

/*
 * What the words name, directories to what is below them: *.jsonl, rotated (*.jsonl.1) and packed
 * (*.gz, *.zst), in the order of their names; "-" as it is.  Each could be opened.  0, or -1 after a message and nothing
 * to free.
 */
int files_find(struct files *f, char *const *words);

void files_free(struct files *f);

struct merge;

/*
 * Read all of them.  Lines that are none are told of and counted in *skipped, as is what is
 * damaged.  0, or -1 after a message: one could not be read at all.
 */
int files_read(const struct files *f, struct merge *m, unsigned long *skipped);

#endif
