/*
 * library.h: may every program of the machine be made to load this file?
 */
#ifndef FDF_LIBRARY_H
#define FDF_LIBRARY_H

/*
 * path is a whole shared object: read to its end, every segment and the section table within
 * it; nobody but root can change it or a folder on the way to it, and all can read it.  It is on the disk when
 * this returns: after a crash nothing names a library of which a part was written.
 * Returns 0, or -1 after a message.
 */
int library_check(const char *path);

/* ... and of the processor and word size of this program. */
int library_check_own(const char *path);

/*
 * The same of every file that name, as library_name() has it, stands for; path is one of them,
 * and beside it is the static helper, which root alone can change.
 */
int library_check_all(const char *name, const char *path);

/*
 * What ld.so.preload(5) has to say for it: /usr/lib/MULTIARCH/... becomes /usr/$LIB/..., so that
 * programs of another word size get theirs; so does /usr/lib64/... where libc lies in such a folder.
 * The caller frees.
 */
char *library_name(const char *path);

/* The other way round, of a name of this machine's own word size.  The caller frees. */
char *library_path(const char *name);

/* The static helper beside it.  The caller frees. */
char *library_rescue(const char *path);

#endif
