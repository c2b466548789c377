/*
 * host_reused: a number that was given, closed, and taken by another file.
 *
 *	host_reused FDLIST
 *
 * Execs itself with /etc/group on 3, which is meant; then closes it and has /etc/passwd there, which
 * is a leak, and execs FDLIST.
 */
#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	char *again[] = { argv[0], argv[1], "again", NULL };
	int fd;

	if (argc == 2) {
		fcntl(must_open("/etc/group", O_RDONLY | O_CLOEXEC), F_SETFD, 0);
		execv(argv[0], again);
		die(argv[0]);
	}
	/* both are open for a while: the kernel would give the same struct file to the next one */
	fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	if (argc != 3 || close(3) || fcntl(fd, F_DUPFD, 3) != 3 || close(fd))
		return 125;
	run(argv[1]);
}
