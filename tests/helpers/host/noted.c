/*
 * host_noted: a handler of a threaded program with 400 descriptors writes a note while an exec is
 * under way that will succeed.
 *
 *	host_noted TIMES FILE
 *
 * Prints how many of the processes met a handler whose write failed, or whose exec did.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/helpers/host/host.h"

enum { EXEC_FAILED = 61, WRITE_FAILED };

static int note;

static void handler(int sig)
{
	(void)sig;
	if (write(note, "n", 1) < 0)
		_exit(WRITE_FAILED);
}

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void __attribute__((noreturn)) process(int late)
{
	char *args[] = { "true", NULL };
	sigset_t all, none;
	pthread_t t;

	sigfillset(&all);
	sigemptyset(&none);
	pthread_sigmask(SIG_SETMASK, &all, NULL); /* in the other thread, for good */
	if (pthread_create(&t, NULL, idle, NULL))
		die("thread");
	signal(SIGUSR1, handler);
	if (!fork()) {
		for (volatile int i = 0; i < late; i++)
			;
		kill(getppid(), SIGUSR1);
		_exit(0);
	}
	pthread_sigmask(SIG_SETMASK, &none, NULL);
	execv("/bin/true", args);
	_exit(EXEC_FAILED);
}

int main(int argc, char **argv)
{
	int failed = 0, times = argc == 3 ? atoi(argv[1]) : 0;
	struct rlimit r;

	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	for (int i = 0; i < 400; i++)
		must_open("/dev/null", O_RDONLY | O_CLOEXEC);
	leak_at(3);
	note = open(argv[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	for (int i = 0; i < times; i++) {
		pid_t pid = fork();
		int status;

		if (!pid)
			process(i % 100 * 2000);
		status = status_of(pid);
		failed += WIFEXITED(status) && WEXITSTATUS(status) >= EXEC_FAILED;
	}
	printf("%d of %d failed\n", failed, times);
	return 0;
}
