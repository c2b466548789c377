/*
 * fenced.h: is there something of ours that will seal what a live process leaks?
 */
#ifndef FDF_INSPECT_FENCED_H
#define FDF_INSPECT_FENCED_H

#include "tools/proc/pinned.h"

enum fenced_by { FENCED_BY_NOBODY, FENCED_BY_LIBRARY, FENCED_BY_SUPERVISOR };

/*
 * envp: its environment, or NULL.  Only what can be seen counts: a supervisor of another user, or
 * of another PID namespace, is nobody here.
 */
enum fenced_by fenced_by(const struct pinned *p, char *const *envp);

#endif
