/*
 * host_opener: an interpreter that binfmt_misc starts with the flag O: the kernel has opened the
 * program for it, and says under which number (AT_EXECFD).  Prints "opened", and executes FDLIST of
 * the environment.
 */
#include <sys/auxv.h>

#include "tests/helpers/host/host.h"

int main(void)
{
	unsigned long fd = getauxval(AT_EXECFD);

	if (fd < 3 || fcntl((int)fd, F_GETFD) < 0)
		return 1;
	printf("opened %lu\n", fd);
	fflush(stdout);
	run(getenv("FDLIST"));
}
