/*
 * mounted.h: whether the /proc that is mounted here tells of our processes.
 */
#ifndef FDF_MOUNTED_H
#define FDF_MOUNTED_H

#include <stdbool.h>

/* Is it there, the kernel's, and of our PID namespace, so that its numbers are ours? */
bool mounted_ours(void);

/* 0 if it is; or -1 after a message. */
int mounted_check(void);

/* Does it leave out processes of others, for this user (proc(5), hidepid)? */
bool mounted_hides(void);

#endif
