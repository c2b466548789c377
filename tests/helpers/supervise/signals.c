/*
 * signals: what becomes of signals that come while an exec fails.
 *
 *	signals TIMES
 *
 * Execs a program that is not there, again and again.  A child sends TIMES real-time signals, the next
 * one as soon as another exec was begun.  Prints how many of them arrived.
 */
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t arrived;
static unsigned *begun; /* execs */

static void count(int sig)
{
	(void)sig;
	arrived++;
}

static void send_all(pid_t to, int times)
{
	unsigned last = 0;

	for (int i = 0; i < times; i++) {
		while (__atomic_load_n(begun, __ATOMIC_RELAXED) == last)
			sched_yield();
		last = __atomic_load_n(begun, __ATOMIC_RELAXED);
		while (sigqueue(to, SIGRTMIN, (union sigval){ .sival_int = i }) && errno == EAGAIN)
			sched_yield();
	}
	_exit(0);
}

int main(int argc, char **argv)
{
	struct sigaction s = { .sa_handler = count, .sa_flags = SA_RESTART };
	int times = argc > 1 ? atoi(argv[1]) : 0;
	pid_t child, self = getpid();

	begun = mmap(NULL, sizeof(*begun), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		     0);
	if (begun == MAP_FAILED || sigaction(SIGRTMIN, &s, NULL))
		return 125;
	child = fork();
	if (!child)
		send_all(self, times);
	while (waitpid(child, NULL, WNOHANG) == 0) {
		__atomic_fetch_add(begun, 1, __ATOMIC_RELAXED);
		execl("/no/such/program", "program", NULL);
	}
	printf("%d of %d arrived\n", (int)arrived, times);
	return 0;
}
