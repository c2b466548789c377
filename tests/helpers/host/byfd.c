/*
 * host_byfd: exec and spawn of a path that leads through the caller's own descriptors.
 *
 *	host_byfd spawn|exec FORMAT FILE
 *	host_byfd script|spawn-script FORMAT SCRIPT
 *	host_byfd fexecve - SCRIPT
 *
 * Opens FILE close-on-exec (but SCRIPT, which its interpreter opens by that number) and calls FORMAT
 * with its number and the process' (/proc/self/fd/%d, /proc/%2$d/fd/%1$d).  A FILE that is a
 * fifo must be refused at once (EACCES): nobody may open it and wait for a writer.
 */
#include <spawn.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	char path[4096], *args[] = { "by descriptor", NULL };
	pid_t pid;
	int fd, flags = O_RDONLY | O_NONBLOCK;

	if (argc != 4)
		return 125;
	leak_at(20);
	if (strcmp(argv[1], "fexecve") && !strstr(argv[1], "script"))
		flags |= O_CLOEXEC;
	fd = must_open(argv[3], flags);
	if (!strcmp(argv[1], "fexecve")) {
		fexecve(fd, args, environ);
		die("fexecve");
	}
	snprintf(path, sizeof(path), argv[2], fd, getpid());
	if (!strncmp(argv[1], "spawn", 5)) {
		int error = posix_spawn(&pid, path, NULL, NULL, args, environ);
		int status = error ? 0 : status_of(pid);

		printf("%s\n", strerror(error));
		if (!error)
			printf("child %d\n", status);
		return 0;
	}
	execve(path, args, environ);
	printf("%s\n", strerror(errno));
	return 0;
}
