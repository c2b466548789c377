/*
 * race: start programs while threads open descriptors as fast as they can.
 *
 *	race WAY NUMBER CHILD [DESCRIPTORS]
 *
 * WAY: spawn (posix_spawn), spawnp, vfork (vfork and execv), fork (fork and
 * execv), popen, system, exec (a process with racing threads execs), or other (one of its threads
 * does, and is not the first).  DESCRIPTORS more are open.  CHILD
 * (tests/helpers/static/count) exits with the number of descriptors above 2 that
 * it was given.  Prints "NUMBER started, N with a descriptor too many, M not
 * started"; exits with 0 whatever the numbers.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;
static char *child, *args[2];
static volatile int stop;
static long started, crossed, failed;

static void *open_files(void *unused)
{
	while (!stop) {
		int a = open("/dev/null", O_RDONLY), b = open("/etc/passwd", O_RDONLY);

		close(a);
		close(b);
	}
	return unused;
}

static void *open_sockets(void *unused)
{
	while (!stop) {
		int a = socket(AF_UNIX, SOCK_STREAM, 0), pair[2];

		if (!socketpair(AF_UNIX, SOCK_STREAM, 0, pair)) {
			close(pair[0]);
			close(pair[1]);
		}
		close(a);
	}
	return unused;
}

static void *open_pipes(void *unused)
{
	while (!stop) {
		int pair[2], a;

		if (pipe(pair))
			continue;
		a = dup(pair[0]);
		close(pair[0]);
		close(pair[1]);
		close(a);
	}
	return unused;
}

static void *(*const racers[])(void *) = { open_files, open_sockets, open_pipes };

static void start_racers(pthread_t *t)
{
	int i;

	for (i = 0; i < 3; i++)
		if (pthread_create(&t[i], NULL, racers[i], NULL))
			exit(125);
}

static void tally(int status)
{
	started++;
	if (!WIFEXITED(status) || WEXITSTATUS(status) > 100)
		failed++;
	else if (WEXITSTATUS(status))
		crossed++;
}

static void reap(int error, pid_t pid)
{
	int status = 125 << 8;

	if (!error)
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
	tally(status);
}

static void by_spawn(void)
{
	pid_t pid;
	int error = posix_spawn(&pid, child, NULL, NULL, args, environ);

	reap(error, pid);
}

static void by_spawnp(void)
{
	pid_t pid;
	int error = posix_spawnp(&pid, child, NULL, NULL, args, environ);

	reap(error, pid);
}

static void by_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		execv(child, args);
		_exit(125);
	}
	reap(pid < 0, pid);
}

static void by_fork(void)
{
	pid_t pid = fork();

	if (!pid) {
		execv(child, args);
		_exit(125);
	}
	reap(pid < 0, pid);
}

static void by_popen(void)
{
	FILE *f = popen(child, "r");

	tally(f ? pclose(f) : 125 << 8);
}

static void by_system(void)
{
	tally(system(child));
}

static void by_exec(void)
{
	pthread_t t[3];
	pid_t pid = fork();

	if (!pid) {
		start_racers(t);
		usleep(200);
		execv(child, args);
		_exit(125);
	}
	reap(pid < 0, pid);
}

static void *exec_child(void *unused)
{
	execv(child, args);
	_exit(125);
	return unused;
}

static void by_other(void)
{
	pthread_t t[4];
	pid_t pid = fork();

	if (!pid) {
		start_racers(t);
		usleep(200);
		if (pthread_create(&t[3], NULL, exec_child, NULL))
			_exit(125);
		for (;;)
			pause();
	}
	reap(pid < 0, pid);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*start)(void);
	} ways[] = { { "spawn", by_spawn }, { "spawnp", by_spawnp }, { "vfork", by_vfork },
		     { "fork", by_fork },   { "popen", by_popen },   { "system", by_system },
		     { "exec", by_exec },   { "other", by_other } };
	pthread_t t[3];
	unsigned i;
	long n;

	if (argc < 4)
		return 125;
	child = args[0] = argv[3];
	for (i = 0; i < sizeof(ways) / sizeof(*ways) && strcmp(argv[1], ways[i].name); i++)
		;
	if (i == sizeof(ways) / sizeof(*ways))
		return 125;
	for (n = argc > 4 ? atol(argv[4]) : 0; n > 0; n--)
		if (open("/dev/null", O_RDONLY) < 0)
			return 125;
	if (ways[i].start != by_exec && ways[i].start != by_other)
		start_racers(t);
	for (n = atol(argv[2]); n > 0; n--)
		ways[i].start();
	printf("%ld started, %ld with a descriptor too many, %ld not started\n", started, crossed,
	       failed);
	return 0;
}
