/*
 * key.h: the last way for a word to a collector: a key in the session keyring.
 *
 * A process in another network namespace whose root does not show the
 * collector's socket cannot send its records.  The session keyring of
 * keyrings(7) goes along through every namespace, chroot and change of user, and
 * who has it may write a key in it: "ERRNO EXE" of the last one that lost a
 * record (preload/judge/emit.c).  Programs that take a new session keyring
 * (pam_keyinit, sudo), and kernels or filters without keyctl(2), have no such
 * way.
 */
#ifndef FDF_KEY_H
#define FDF_KEY_H

/* Put a key for log ("@NAME") there.  Returns its number, or -1. */
long key_new(const char *log);

/* What was written into it last: 0 and *error, *exe (freed by the caller); -1: nothing was. */
int key_read(long key, int *error, char **exe);

/* Write into the key of another collector's log, if there is one. */
void key_leave_word(const char *log, int error);

void key_remove(long key);

#endif
