/*
 * host_system: system() where it cannot go its usual way.
 *
 *	host_system fails     no process can be made (RLIMIT_NPROC, as an unprivileged user)
 *	host_system cancel    its thread is cancelled: the child is killed and reaped, dispositions
 *	                      and mask are as before, cleanup handlers have run
 */
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>

#include "tests/helpers/host/host.h"

static int cleaned;

static void fails(void)
{
	struct rlimit one = { 1, 1 };
	int status;

	if (setrlimit(RLIMIT_NPROC, &one) || setgid(65534) || setuid(65534))
		cannot("become another user");
	errno = 0;
	status = system("exit 3");
	printf("system %d %s\n", status, strerror(errno));
	printf("popen %s\n", popen("exit 3", "r") ? "made" : "NULL");
}

static void clean(void *unused)
{
	(void)unused;
	cleaned = 1;
}

static void *long_command(void *unused)
{
	pthread_cleanup_push(clean, NULL);
	if (system("kill -USR1 $PPID; exec sleep 100"))
		die("system");
	pthread_cleanup_pop(0);
	return unused;
}

static void cancel(void)
{
	struct sigaction sa;
	sigset_t usr1, mask;
	pthread_t t;
	void *end;
	int sig;

	sigemptyset(&usr1);
	sigaddset(&usr1, SIGUSR1);
	pthread_sigmask(SIG_BLOCK, &usr1, NULL);
	if (pthread_create(&t, NULL, long_command, NULL))
		die("thread");
	sigwait(&usr1, &sig); /* it runs */
	pthread_cancel(t);
	pthread_join(t, &end);
	sigaction(SIGINT, NULL, &sa);
	pthread_sigmask(0, NULL, &mask);
	printf("%s, %s, SIGINT %s, SIGCHLD %s, child %s\n",
	       end == PTHREAD_CANCELED ? "cancelled" : "returned",
	       cleaned ? "cleaned up" : "no cleanup",
	       sa.sa_handler == SIG_DFL ? "default" : "changed",
	       sigismember(&mask, SIGCHLD) ? "blocked" : "open",
	       waitpid(-1, NULL, WNOHANG) < 0 ? "reaped" : "left");
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 125;
	if (!strcmp(argv[1], "fails"))
		fails();
	else
		cancel();
	return 0;
}
