/*
 * host_reused: a number that was given, closed, and taken by another file.
 *
 *	host_reused FDLIST
 *	host_reused FDLIST inside
 *
 * Execs itself with /etc on 3, which is meant; then closes it, or has libc do so where nobody sees
 * it (closedir), and has /etc/passwd there, which is a leak, and execs FDLIST.
 */
#include <dirent.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	char *again[] = { argv[0], argv[1], argc < 3 ? "here" : argv[2], "again", NULL };
	int fd, r;

	if (argc < 4) {
		fcntl(must_open("/etc", O_RDONLY | O_DIRECTORY | O_CLOEXEC), F_SETFD, 0);
		execv(argv[0], again);
		die(argv[0]);
	}
	/* both are open for a while: the kernel would give the same struct file to the next one */
	fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	r = strcmp(argv[2], "inside") ? close(3) : closedir(fdopendir(3));
	if (r || fcntl(fd, F_DUPFD, 3) != 3 || close(fd))
		return 125;
	run(argv[1]);
}
