/*
 * host_reader: append each datagram to an abstract socket to stdout.
 *
 *	host_reader NAME LINES SECONDS    ends after LINES of them, or when none came for SECONDS
 *
 * Says "ready" on stderr once it is bound.
 */
#include <stddef.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	static char record[1 << 18];
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct timeval patience;
	ssize_t n = 0;
	long lines;

	if (argc != 4)
		return 125;
	patience = (struct timeval){ atoi(argv[3]), 0 };
	strncpy(a.sun_path + 1, argv[1], sizeof(a.sun_path) - 2);
	if (bind(fd, (struct sockaddr *)&a,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(argv[1]))) ||
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)))
		die(argv[1]);
	fprintf(stderr, "ready\n");
	for (lines = atol(argv[2]); lines > 0; lines--) {
		n = recv(fd, record, sizeof(record), 0);
		if (n < 0)
			break;
		if (fwrite(record, 1, (size_t)n, stdout) != (size_t)n)
			die("stdout");
	}
	return fflush(stdout) != 0;
}
