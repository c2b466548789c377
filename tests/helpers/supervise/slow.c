/*
 * slow: as a slow file system would, hold up each exec of a file (fanotify, as root).
 *
 *	slow FILE MILLISECONDS
 *
 * Prints "ready" when it does; ends when it is killed.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/fanotify.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int f = fanotify_init(FAN_CLASS_CONTENT | FAN_CLOEXEC, O_RDONLY);
	struct fanotify_event_metadata m[16];
	ssize_t n;

	if (argc < 3 || f < 0 ||
	    fanotify_mark(f, FAN_MARK_ADD, FAN_OPEN_EXEC_PERM, AT_FDCWD, argv[1]))
		return 125;
	puts("ready");
	fflush(stdout);
	while ((n = read(f, m, sizeof(m))) > 0) {
		usleep((useconds_t)atoi(argv[2]) * 1000);
		for (ssize_t i = 0; i < n / (ssize_t)sizeof(*m); i++) {
			struct fanotify_response r = { m[i].fd, FAN_ALLOW };

			if (write(f, &r, sizeof(r)) < 0)
				return 124;
			close(m[i].fd);
		}
	}
	return 0;
}
