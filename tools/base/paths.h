/*
 * paths.h: where the shim and the profiles lie, and what kind of image a
 * command is.
 */
#ifndef FDF_PATHS_H
#define FDF_PATHS_H

#include <sys/types.h>

/*
 * Beside the executable, as in the build directory, or where an install puts it:
 * ../lib/fdfence (or lib64, or lib/MULTIARCH), ../share/fdfence.  Symbolic links
 * are resolved.  The caller frees; NULL: not there.
 */
char *paths_shim(void);
char *paths_origins(void); /* libfdfence-origins.so, beside the shim */
char *paths_profile(const char *name);
char *paths_profiles(void); /* the directory of them */

/* The image of this process, "" if /proc does not tell.  Valid until the end. */
const char *paths_self(void);

/*
 * The file that execvp(3) would take for name, symbolic links resolved.  The
 * caller frees; NULL with errno set (ENOENT, or EACCES when one was found that
 * may not be executed).
 */
char *paths_find(const char *name);

/* Does LD_PRELOAD reach an image? */
enum image_kind {
	IMAGE_COVERED, /* dynamically linked, or a script of such */
	IMAGE_STATIC,
	IMAGE_SECURE, /* set-user-ID, set-group-ID or file capabilities: ld.so ignores LD_PRELOAD */
	IMAGE_FOREIGN, /* 32-bit, say: its loader takes no 64-bit shim */
	IMAGE_UNKNOWN, /* cannot be read, or is neither ELF nor a script */
};

/* Look at a file that a process with these effective ids executes. */
enum image_kind paths_image(const char *path, uid_t uid, gid_t gid);

const char *image_kind_name(enum image_kind k); /* "static", "set-user-ID" ... */

#endif
