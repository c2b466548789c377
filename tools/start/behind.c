/*
 * behind.c: see behind.h.
 */
#include <fcntl.h>
#include <unistd.h>

#include "tools/start/behind.h"

#define LAST_FD 65536 /* nobody hands a shell more */

void behind_let_go(void)
{
	long last = sysconf(_SC_OPEN_MAX), fd;

	for (fd = STDERR_FILENO + 1; fd < last && fd < LAST_FD; fd++) {
		int flags = fcntl((int)fd, F_GETFD);

		if (flags >= 0 && !(flags & FD_CLOEXEC)) /* ours all are */
			close((int)fd);
	}
}

void behind_silent(void)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), fd;

	for (fd = 0; null >= 0 && fd <= STDERR_FILENO; fd++)
		dup2(null, fd);
	if (chdir("/"))
		return; /* no matter */
}
