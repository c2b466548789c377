/*
 * killed: children that are killed at some moment of their exec.
 *
 *	killed TIMES PROGRAM
 *
 * With five descriptors that nobody meant.  Each child is killed a little later than the one before, and
 * awaited.  PROGRAM exits with the number of descriptors above 2.  Prints how many ended, and how many of
 * them as they must not.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LEAKS	5
#define STEP_NS 1000
#define LAST_NS 600000 /* an exec takes about half of it */

extern char **environ;

int main(int argc, char **argv)
{
	int ended = 0, wrong = 0, times = argc > 2 ? atoi(argv[1]) : 0;

	for (int i = 0; i < LEAKS; i++)
		open("/etc/passwd", O_RDONLY);
	for (int i = 0; i < times; i++) {
		const struct timespec wait = { 0, (long)i * 37 * STEP_NS % LAST_NS };
		int status = 0;
		pid_t pid = fork();

		if (!pid) {
			syscall(SYS_execve, argv[2], argv + 2, environ);
			_exit(99);
		}
		nanosleep(&wait, NULL);
		kill(pid, SIGKILL);
		ended += waitpid(pid, &status, 0) == pid;
		wrong += WIFSIGNALED(status) ? WTERMSIG(status) != SIGKILL
					     : WEXITSTATUS(status) != 0;
	}
	printf("%d ended, %d not as they must\n", ended, wrong);
	return 0;
}
