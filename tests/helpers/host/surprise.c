/*
 * host_surprise: an exec that fails against all signs (refuse.h).
 *
 *	host_surprise one|thread
 *
 * Some descriptors, every third close-on-exec; prints the error and how many flags are not what
 * they were, and whether a second thread sees what is opened then.
 */
#include <pthread.h>

#include "tests/helpers/host/refuse.h"

static int to[2];
static volatile int opened = -1;

static void *opener(void *unused)
{
	char c;

	if (read(to[0], &c, 1) == 1)
		opened = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	return unused;
}

int main(int argc, char **argv)
{
	char *child[] = { "true", NULL };
	int fd[30], changed = 0, i, error;
	pthread_t t;

	if (argc != 2 || pipe2(to, O_CLOEXEC))
		return 125;
	for (i = 0; i < 30; i++)
		fd[i] = must_open("/dev/null", O_RDONLY | (i % 3 ? 0 : O_CLOEXEC));
	if (!strcmp(argv[1], "thread") && pthread_create(&t, NULL, opener, NULL))
		die("thread");
	refuse_execs(EIO);
	execve("/bin/true", child, environ);
	error = errno;
	for (i = 0; i < 30; i++)
		changed += fcntl(fd[i], F_GETFD) != (i % 3 ? 0 : FD_CLOEXEC);
	printf("%s, %d flags changed\n", error == EIO ? "its error" : strerror(error), changed);
	return 0;
}
