/*
 * act.h: what a program without the library does to a descriptor on purpose.
 */
#ifndef FDF_SUPERVISE_ACT_H
#define FDF_SUPERVISE_ACT_H

#include <linux/seccomp.h>

struct supervisor;

/*
 * Remember a dup2 or dup3 onto a number above stdio, or close-on-exec cleared there, and where what was
 * given is moved to, and let the call be made.  Remembered is the file that is meant, so that another one under that number is not.
 */
void act_note(struct supervisor *sup, const struct seccomp_notif *n);

#endif
