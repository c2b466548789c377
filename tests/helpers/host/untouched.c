/*
 * untouched: what an exec or a spawn that fails leaves as the kernel and libc leave it.
 *
 *	host_untouched fifo DIR	a child of vfork() tries to execute a named pipe, and a script that one runs:
 *				how often was it opened?
 *	host_untouched spawn	errno behind posix_spawn() of a program that is not there
 *	host_untouched number FILE
 *				of 300 execs of FILE, which fail, each with a handler that puts a
 *				copy of 1 on the lowest free number, 4 to 62 µs behind its timer:
 *				how often is what it put there gone?
 */
#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>

#include "tests/helpers/host/host.h"

static void try_in_child(const char *program)
{
	char *argv[] = { "x", NULL };

	if (WEXITSTATUS(status_of(vfork_exec(program, argv, environ))) != 1)
		die("an exec that is refused");
}

static int fifo(const char *dir)
{
	char events[4096];
	int watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC), out;

	if (chdir(dir) || mkfifo("fifo", 0777) || chmod("fifo", 0777))
		die("fifo");
	out = open("script", O_CREAT | O_WRONLY | O_CLOEXEC, 0755);
	if (write(out, "#!fifo\n", 7) != 7 || close(out))
		die("script");
	if (inotify_add_watch(watch, "fifo", IN_OPEN) < 0)
		die("inotify");
	must_open("/dev/null", O_RDONLY); /* so that there is something to seal */
	try_in_child("fifo");
	try_in_child("script");
	printf("opened: %s\n", read(watch, events, sizeof(events)) > 0 ? "yes" : "no");
	return 0;
}

static int spawned(void)
{
	char *argv[] = { "x", NULL };
	pid_t pid;
	int r;

	errno = 0;
	r = posix_spawn(&pid, "/nonexistent/program", NULL, NULL, argv, environ);
	printf("%s, errno %s\n", strerror(r), strerror(errno));
	return 0;
}

static volatile sig_atomic_t put, lowest;

static void put_one(int sig)
{
	(void)sig;
	put = dup2(1, lowest);
}

static int numbers(char *file)
{
	struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
	char *argv[] = { "x", NULL };
	timer_t timer;
	int gone = 0;

	must_open("/dev/null", O_RDONLY);
	lowest = dup(0);
	close(lowest);
	signal(SIGALRM, put_one);
	if (timer_create(CLOCK_MONOTONIC, &event, &timer))
		die("timer");
	for (int i = 0; i < 300; i++) {
		struct itimerspec once = { { 0, 0 }, { 0, (4 + i % 30 * 2) * 1000 } };

		put = -1;
		timer_settime(timer, 0, &once, NULL);
		execve(file, argv, environ);
		while (put < 0)
			;
		gone += close(put) != 0;
	}
	printf("%d of 300 gone\n", gone);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "fifo"))
		return fifo(argv[2]);
	if (argc == 2 && !strcmp(argv[1], "spawn"))
		return spawned();
	return argc == 3 && !strcmp(argv[1], "number") ? numbers(argv[2]) : 125;
}
