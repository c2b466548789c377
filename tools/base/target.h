/*
 * target.h: the file that something is written to, in the folder where it lies.
 *
 * A path is walked folder by folder, and what is done then is done in the folder that was found:
 * whatever somebody swaps meanwhile, nothing is written anywhere else.
 *
 * In a folder that is sticky or writable for all, and below one that another user has put there,
 * only what is ours, root's or (not below) that of the folder's owner is followed or written to:
 * the rules of fs.protected_symlinks, protected_regular and protected_fifos (proc_sys_fs(5)), which
 * not each machine has set, for renames and folders as well.
 *
 * A path that is not absolute starts in the current directory, which whoever went there trusts.
 */
#ifndef FDF_TARGET_H
#define FDF_TARGET_H

#include <stdbool.h>
#include <sys/stat.h>

/* Of a path that ends in a symbolic link: what it names, or a refusal. */
enum target_link { TARGET_FOLLOWED, TARGET_ITSELF };

struct target {
	const char *path; /* as it was named; the caller's */
	int folder;	  /* O_PATH */
	char *name;	  /* in folder, without "/"; "." if path means a folder */
	struct stat where;
	bool is_foreign; /* another user has put folder, or one above, where others may write */
	bool is_opened;	 /* name is a link below /proc to what has no path, such as a pipe */
};

/*
 * What is at path does not have to be there; its folder does.  NULL, or what is wrong in words, with
 * errno; then there is nothing to drop.
 */
const char *target_find(struct target *t, const char *path, enum target_link link);
void target_drop(struct target *t);

/*
 * What is there now; st_mode 0: nothing.  NULL, or why it is not to be written to, in words, with
 * errno.
 */
const char *target_look(const struct target *t, struct stat *st);

/*
 * open(2), close-on-exec and for no terminal to take over.  To write to it, without O_NONBLOCK, a
 * named pipe is waited for, as a shell's ">" does, and not without a word.  -1, errno and in words
 * *wrong, otherwise NULL.
 */
int target_open(const struct target *t, int flags, mode_t mode, const char **wrong);

/* The same of a path, which may mean a descriptor of ours (tools/base/descriptor.h). */
int target_open_path(const char *path, enum target_link link, int flags, mode_t mode,
		     const char **wrong);

#endif
