/*
 * acts.h: which descriptors were meant by an act: close-on-exec cleared on
 * purpose, or dup2 onto the number by the child between fork and exec.
 *
 * One bit a number, set by the hooks and dropped when the number is closed or
 * placed anew.  Cleared flags before a fork go along with the memory; a dup2
 * counts only in the process that did it, and not in the one that the image was
 * started in, where it looks the same as a leak (the member dup2 of the setting
 * intent admits it).  What a vfork child does stays its own.
 * Nothing allocates, locks or calls; async-signal-safe.
 */
#ifndef FDF_ACTS_H
#define FDF_ACTS_H

#include "preload/fence/fence.h"

/* close-on-exec of fd was cleared. */
void fdf_act_set(int fd);
/* dup2 or dup3 has put something onto fd. */
void fdf_act_placed(int fd, bool cloexec);
/* Forget what was put there by dup2: this process is a new one. */
void fdf_act_unplace(struct fdf_fence *f);
/* Forget first..last, both included. */
void fdf_act_drop(unsigned first, unsigned last);

/* FDF_SIGN_ACT | FDF_SIGN_PLACED, as far as they hold.  pid: of the calling process. */
unsigned fdf_acted(struct fdf_fence *f, int pid, int fd);
/* No act stands above this number (0: there is none at all). */
int fdf_acted_last(const struct fdf_fence *f);

#endif
