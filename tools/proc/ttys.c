/*
 * ttys.c: see ttys.h.
 */
#include <fcntl.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "tools/proc/procfs.h"
#include "tools/proc/ttys.h"

#define DRIVERS 64

static struct driver {
	unsigned major, first, last; /* minors */
} drivers[DRIVERS];
static size_t ndrivers;

/* "pty_slave  /dev/pts  136 0-1048575 pty:slave"; a range of one is a number. */
static void read_drivers(void)
{
	int fd = procfs_open("/proc/tty/drivers", O_RDONLY);
	FILE *f = fd < 0 ? NULL : fdopen(fd, "r");
	char line[256];

	while (f && ndrivers < DRIVERS && fgets(line, sizeof(line), f)) {
		struct driver d;
		int fields = sscanf(line, "%*s %*s %u %u-%u", &d.major, &d.first, &d.last);

		if (fields < 2)
			continue;
		if (fields == 2)
			d.last = d.first;
		drivers[ndrivers++] = d;
	}
	if (f)
		fclose(f);
	else if (fd >= 0)
		close(fd);
}

bool ttys_have(uint32_t major, uint32_t minor)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT; /* a supervisor's threads all ask */

	pthread_once(&once, read_drivers);
	for (size_t i = 0; i < ndrivers; i++)
		if (drivers[i].major == major && drivers[i].first <= minor &&
		    minor <= drivers[i].last)
			return true;
	return false;
}

bool ttys_number(int fd, uint32_t *major, uint32_t *minor)
{
	unsigned number;

	if (ioctl(fd, TIOCGDEV, &number))
		return false;
	ttys_split(number, major, minor);
	return true;
}
