/* As a program for FreeBSD starts another: prints which of 3 to 20 that one is given. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

int main(int argc, char **argv)
{
	static char *args[] = { NULL, "child", NULL };
	posix_spawn_file_actions_t actions;
	pid_t pid;
	int fd;

	if (argc > 1) {
		for (fd = 3; fd <= 20; fd++)
			if (fcntl(fd, F_GETFD) >= 0)
				printf("%d ", fd);
		return 0;
	}
	for (fd = 3; fd <= 20; fd++)
		dup2(0, fd);
	if (close_range(5, 6, 0) || close_range(8, 9, CLOSE_RANGE_CLOEXEC))
		perror("close_range");
	posix_spawn_file_actions_init(&actions);
	if (posix_spawn_file_actions_addclosefrom_np(&actions, 12))
		perror("addclosefrom_np");
	args[0] = argv[0];
	if (posix_spawn(&pid, argv[0], &actions, NULL, args, environ))
		perror("posix_spawn");
	posix_spawn_file_actions_destroy(&actions);
	wait(NULL);
	return 0;
}
