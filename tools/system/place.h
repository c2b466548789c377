/*
 * place.h: a file of the system, replaced whole or not at all.  The static helper has
 * nothing else of the command: what stands here needs no library but libc.
 */
#ifndef FDF_PLACE_H
#define FDF_PLACE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

#define PRELOAD_DIR  "/etc"
#define PRELOAD_FILE PRELOAD_DIR "/ld.so.preload"
#define PRELOAD_MAX  (1 << 20) /* bytes of it that are read */

struct place {
	const char *path; /* absolute; has to stay */
	bool there;
	struct stat was; /* if it is there */
	char *text;	 /* "" if not */
	size_t len;
};

/*
 * Until this process ends, no other one of us changes files below /etc: who reads one and
 * writes it takes this first.  Waits for the other one.
 */
void place_lock(void);

/*
 * Read path.  A symbolic link, or what is no file, is refused.  Returns 0, or -1 after a
 * message.
 */
int place_open(struct place *p, const char *path);

/*
 * Put text there: beside it, synced, renamed; with the owner, mode and security label that
 * the file has, or root's and 0644.  With remove_empty, no text is no file.
 * Returns 0, or -1 after a message; then the file is as it was.
 */
int place_put(const struct place *p, const char *text, size_t len, bool remove_empty);

/* Of what could not be opened, as errno says: 0 if it is not there, or -1 after a message. */
int place_unopened(const char *path);

/* What is put there is root's and for all to read, whatever the file was. */
void place_for_all(struct place *p);

void place_close(struct place *p);

/* The name of path is there after a crash, too.  Returns 0, or -1 after a message. */
int place_sync_name(const char *path);

/*
 * Take the names of ours out of PRELOAD_FILE; *name is the first, which the caller frees, or NULL.
 * Returns 0, or -1 after a message.
 */
int place_disable(char **name);

#endif
