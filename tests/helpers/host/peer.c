/*
 * host_peer: a process shares our descriptor table (CLONE_FILES) and still does after an exec of
 * ours that failed.  Prints whether what it opens then is seen here.
 */
#include <sched.h>
#include <signal.h>

#include "tests/helpers/host/host.h"

static char stack[65536] __attribute__((aligned(16)));
static int to_peer[2], from_peer[2];

static int peer(void *unused)
{
	char c;
	int fd;

	(void)unused;
	if (read(to_peer[0], &c, 1) != 1)
		_exit(1);
	fd = open("/etc/passwd", O_RDONLY);
	if (write(from_peer[1], &fd, sizeof(fd)) != sizeof(fd) || read(to_peer[0], &c, 1) != 1)
		_exit(1);
	_exit(0);
}

int main(void)
{
	char *argv[] = { "none", NULL };
	int fd;

	if (pipe(to_peer) || pipe(from_peer) ||
	    clone(peer, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL) < 0)
		die("clone");
	execve("/nonexistent", argv, environ);
	if (write(to_peer[1], "", 1) != 1 || read(from_peer[0], &fd, sizeof(fd)) != sizeof(fd))
		die("peer");
	printf("%s\n", fd >= 0 && fcntl(fd, F_GETFD) >= 0 ? "shared" : "a table of its own");
	return write(to_peer[1], "", 1) != 1;
}
