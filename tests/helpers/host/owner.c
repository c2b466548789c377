/* host_owner: fcntl(F_GETOWN) of a process group is a negative number and no error. */
#include "tests/helpers/host/host.h"

int main(void)
{
	int ends[2], got;

	if (pipe(ends) || fcntl(ends[0], F_SETOWN, -getpgrp()))
		die("F_SETOWN");
	errno = 0;
	got = fcntl(ends[0], F_GETOWN);
	printf("%s, errno %d\n", got == -getpgrp() ? "the group" : "something else", errno);
	return 0;
}
