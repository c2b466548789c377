/* As a daemon for OpenBSD and NetBSD starts: looks at what closefrom() returns; prints what is left. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

extern int closefrom(int);

int main(void)
{
	int (*by_address)(int) = closefrom, ends[2];

	if (pipe2(ends, O_CLOEXEC))
		err(1, "pipe2");
	for (int fd = 5; fd < 12; fd++)
		dup2(0, fd);
	if (closefrom(9) == -1 && errno != EBADF)
		err(1, "closefrom");
	for (int fd = 3; fd < 12; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("%d ", fd);
	if (closefrom(-1) == -1 && errno == EBADF)
		printf("EBADF ");
	printf("%d\n", by_address(3));
	return 0;
}
