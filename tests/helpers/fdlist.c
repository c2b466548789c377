/*
 * fdlist: print the descriptors that this program was started with.
 *
 * One line for each open descriptor above 2 (or from argv[1] on), in order:
 *	NUMBER cloexec|open TARGET
 * TARGET is what /proc/self/fd/NUMBER reads, "?" where /proc is missing.
 * Exits with 0, whatever there is.  Probes each number up to the limit, so it
 * sees the same thing without /proc; also built static, with musl, and as i386.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

static int table_end(void)
{
	struct rlimit r;

	/* The hard limit may have been lowered below what is open; nobody here goes above. */
	if (getrlimit(RLIMIT_NOFILE, &r) || r.rlim_max > 70000)
		return 70000;
	return r.rlim_max < 4096 ? 4096 : (int)r.rlim_max;
}

int main(int argc, char **argv)
{
	int fd = argc > 1 ? atoi(argv[1]) : 3, end = table_end();

	for (; fd < end; fd++) {
		char link[64], target[4096];
		int flags = fcntl(fd, F_GETFD);
		ssize_t n;

		if (flags < 0)
			continue;
		snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
		n = readlink(link, target, sizeof(target) - 1);
		if (n < 0)
			target[0] = '?', n = 1;
		printf("%d %s %.*s\n", fd, flags & FD_CLOEXEC ? "cloexec" : "open", (int)n, target);
	}
	return 0;
}
