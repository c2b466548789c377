/*
 * notify.h: the seccomp filter under which a supervised tree runs.
 *
 * It notifies the supervisor of execve and execveat, and of what makes a descriptor a meant one in a
 * program without the library: dup2 and dup3 above stdio, close-on-exec cleared, copies
 * by dup and F_DUPFD (those that are close-on-exec go on by one of the others); and of filters that
 * are installed later.  Every other call
 * is allowed by its number alone, so that the kernel decides it from a bitmap.
 */
#ifndef FDF_SUPERVISE_NOTIFY_H
#define FDF_SUPERVISE_NOTIFY_H

#include <stdbool.h>
#include <stdint.h>

/* Filters of one run.  Cookies: values of the sixth argument, which execve does not use; 0: none. */
struct notify_cookies {
	uint64_t covered; /* an exec of the library that gave nothing: not notified */
	uint64_t gave;	  /* ... that gave something: notified, and not judged again */
};

/* Who supervises this process: its filter answers. */
enum notify_above { ABOVE_NOBODY, ABOVE_SEALS, ABOVE_REPORTS };
enum notify_above notify_above(void);

struct notify {
	int listener; /* close-on-exec */
	bool killable; /* what waits for the supervisor is woken by deadly signals alone (Linux 5.19) */
	bool privileges; /* set-user-ID programs still gain theirs: it took no PR_SET_NO_NEW_PRIVS */
};

/*
 * Put the calling process, and all below it, under the filter, of one who seals or who reports.  0 with *to set; or a negative errno:
 * -EBUSY if somebody else listens above it, -ENOSYS or -EINVAL if the kernel has no notification.
 */
int notify_install(struct notify *to, const struct notify_cookies *cookies, bool seals);

#endif
