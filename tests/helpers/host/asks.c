/*
 * asks.c: calls that look like an exec and end none:  asks WAY
 *
 *	failed	what syscall() returns for an exec that fails, as the long that it is
 *	check	AT_EXECVE_CHECK (Linux 6.14) executes nothing; how many of 100 descriptors are
 *		close-on-exec after it
 */
#include <sys/syscall.h>

#include "tests/helpers/host/host.h"

#define EXECVE_CHECK 0x10000

static void failed(void)
{
	char *argv[] = { "missing", NULL };
	long plain = syscall(SYS_execve, "/no/such/file", argv, environ);
	long at = syscall(SYS_execveat, AT_FDCWD, "/no/such/file", argv, environ, 0);

	printf("%ld %ld, errno %d\n", plain, at, errno);
}

static void check(void)
{
	char *argv[] = { "true", NULL };
	int i, marked = 0;
	long r;

	for (i = 0; i < 100; i++)
		must_open("/dev/null", O_RDONLY);
	r = syscall(SYS_execveat, AT_FDCWD, "/bin/true", argv, environ, EXECVE_CHECK);
	if (r && errno == EINVAL)
		cannot("ask for an exec");
	for (i = 3; i < 103; i++)
		marked += fcntl(i, F_GETFD) == FD_CLOEXEC;
	printf("%ld, %d close-on-exec\n", r, marked);
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "failed"))
		failed();
	else if (argc == 2 && !strcmp(argv[1], "check"))
		check();
	return 0;
}
