/*
 * supervise.h: every exec below a process is judged by somebody else, who seals the new image
 * before its first instruction: also where the library does not reach.
 *
 * The filter (notify.h) stops the caller at its execve; the supervisor attaches to it (ptrace),
 * lets it go on, and has the new image stopped before its first instruction.  What /proc says of
 * that is true: no other thread is left, and the table is its own.  It is judged by the policy
 * that the library uses, and what was not meant is closed.  An exec that fails touches nothing;
 * whatever else fails ends the new image.
 */
#ifndef FDF_SUPERVISE_H
#define FDF_SUPERVISE_H

#include <sys/types.h>

#include "preload/core/settings.h"
#include "tools/supervise/notify.h"

struct supervise {
	const struct fdf_settings *settings;
	struct notify_cookies cookies;
	struct notify notify; /* with the listener, which stays the caller's */
	pid_t first;	      /* the process that becomes the command */
	bool closes;	      /* close_range works for the first process */
	unsigned filters;     /* seccomp filters of the first process, ours included */
};

struct supervisor;

/*
 * Start to answer, in threads of this process, which ignores the signals of its children's stops
 * from then on.  NULL after a message.
 */
struct supervisor *supervise_start(const struct supervise *s);

/* May this process trace pid, its descendant?  0, or the errno. */
int supervise_may_trace(pid_t pid);

#endif
