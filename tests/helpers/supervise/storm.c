/*
 * storm: start a program many times, while signals rain on it.
 *
 *	storm PROGRAM TIMES
 *
 * Each child has five descriptors that nobody meant, and gets SIGSTOP, SIGWINCH, a real-time signal and
 * SIGCONT eight times, while it execs and after; the last two but one are ignored.  Prints how many
 * ended with status 0, and how many otherwise.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int good = 0, status, times = argc > 2 ? atoi(argv[2]) : 0;

	signal(SIGWINCH, SIG_IGN);
	signal(SIGRTMIN, SIG_IGN);
	for (int i = 0; i < 5; i++)
		if (open("/etc/passwd", O_RDONLY) < 0)
			return 125;
	for (int i = 0; i < times; i++) {
		pid_t pid = fork();

		if (!pid) {
			execl(argv[1], argv[1], NULL);
			_exit(126);
		}
		for (int k = 0; k < 8; k++) {
			kill(pid, SIGSTOP);
			kill(pid, SIGWINCH);
			kill(pid, SIGRTMIN);
			kill(pid, SIGCONT);
		}
		waitpid(pid, &status, 0);
		good += status == 0;
	}
	printf("%d sealed, %d not\n", good, times - good);
	return 0;
}
