/*
 * host_timer: exec with a log whose reader has stopped, while an interval timer goes off.
 *
 *	host_timer NAME PROGRAM    NAME: of an abstract socket, without '@'
 *
 * Fills the queue of NAME.  PROGRAM must start all the same.
 */
#include <signal.h>
#include <stddef.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "tests/helpers/host/host.h"

static void nothing(int sig)
{
	(void)sig;
}

static void fill(const char *name)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };
	socklen_t len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + strlen(name));
	int reader = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int writer = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	strncpy(a.sun_path + 1, name, sizeof(a.sun_path) - 2);
	if (bind(reader, (struct sockaddr *)&a, len) || connect(writer, (struct sockaddr *)&a, len))
		die(name);
	while (send(writer, "x", 1, 0) == 1)
		;
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = nothing };
	struct itimerspec often = { { 0, 50000000 }, { 0, 50000000 } };
	timer_t timer; /* a timer of this kind ends at the exec; one of setitimer() would kill the
			  new image */
	pid_t pid;

	if (argc != 3)
		return 125;
	fill(argv[1]);
	pid = fork();
	if (!pid) {
		sigaction(SIGALRM, &sa, NULL);
		if (timer_create(CLOCK_MONOTONIC, NULL, &timer) ||
		    timer_settime(timer, 0, &often, NULL))
			die("timer");
		leak_at(20);
		run(argv[2]);
	}
	return status_of(pid) != 0;
}
