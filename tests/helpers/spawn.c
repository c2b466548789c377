/*
 * spawn: run a program the way a test needs it, so that nothing of the runner,
 * the shell or make reaches it.
 *
 *	spawn [-e NAME=VALUE]... [-l KIND[:NUMBER]]... [-c] [-t SECONDS] [-n LIMIT] [-i]
 *	      [-d DIR] COMMAND ARG...
 *
 * Closes everything above 2, makes /dev/null stdin and sets the environment to
 * PATH=/usr/bin:/bin, LC_ALL=C and what -e adds.  Then:
 *	-l KIND[:NUMBER]  leave a descriptor open: file write dir pipe socket listener unix memfd
 *	                  opath eventfd epoll; /PATH: a handle on that, no link followed; at
 *	                  NUMBER or above
 *	-c                those that follow are close-on-exec
 *	-t SECONDS        kill the whole process group after so long (120), exit with 124; as many
 *	                  times as long as FDF_TIMES says (tests/run)
 *	-n LIMIT          RLIMIT_NOFILE, soft
 *	-i                keep stdin
 *	-d DIR            start there
 * Exits as COMMAND does, 128+n for signal n, 127 when it could not be started.
 * The command runs in a process group of its own, whose rest is killed at the end.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <netinet/in.h>
#include <unistd.h>

#define ENV_MAX 100

static char *env[ENV_MAX + 3] = { "PATH=/usr/bin:/bin", "LC_ALL=C" };
static int nenv = 2;
static volatile sig_atomic_t child, expired;

static void __attribute__((noreturn)) die(const char *what)
{
	fprintf(stderr, "spawn: %s: %s\n", what, strerror(errno));
	_exit(127);
}

static void close_above_2(void)
{
	int fd;

	if (!syscall(SYS_close_range, 3, ~0U, 0))
		return;
	for (fd = 3; fd < 65536; fd++)
		close(fd);
}

static int inet_socket(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (fd < 0 || bind(fd, (struct sockaddr *)&a, sizeof(a)) || listen(fd, 8))
		die("listener");
	return fd;
}

static int first_of(int made, const int pair[2])
{
	if (made < 0)
		die("a pair");
	close(pair[1]);
	return pair[0];
}

static int open_kind(const char *kind)
{
	int pair[2] = { -1, -1 };

	if (!strcmp(kind, "file"))
		return open("/etc/passwd", O_RDONLY);
	if (!strcmp(kind, "write"))
		return open("/dev/shm", O_TMPFILE | O_RDWR, 0600);
	if (!strcmp(kind, "dir"))
		return open("/etc", O_RDONLY | O_DIRECTORY);
	if (!strcmp(kind, "opath"))
		return open("/etc/passwd", O_PATH);
	if (*kind == '/')
		return open(kind, O_PATH | O_NOFOLLOW);
	if (!strcmp(kind, "pipe"))
		return first_of(pipe(pair), pair);
	if (!strcmp(kind, "unix"))
		return first_of(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), pair);
	if (!strcmp(kind, "socket"))
		return socket(AF_INET, SOCK_DGRAM, 0);
	if (!strcmp(kind, "listener"))
		return inet_socket();
	if (!strcmp(kind, "memfd"))
		return memfd_create("leak", 0);
	if (!strcmp(kind, "eventfd"))
		return eventfd(0, 0);
	if (!strcmp(kind, "epoll"))
		return epoll_create1(0);
	errno = EINVAL;
	return -1;
}

/* KIND[:NUMBER] */
static void leak(char *what, int cloexec)
{
	char *number = strchr(what, ':');
	int fd, to;

	if (number)
		*number++ = 0;
	fd = open_kind(what);
	if (fd < 0)
		die(what);
	if (number) {
		to = fcntl(fd, F_DUPFD, atoi(number));
		if (to < 0)
			die(number);
		close(fd);
		fd = to;
	}
	if (cloexec) /* clearing it would be an act */
		fcntl(fd, F_SETFD, FD_CLOEXEC);
}

static void on_alarm(int sig)
{
	(void)sig;
	expired = 1;
	if (child > 0)
		kill(-child, SIGKILL);
}

static int wait_for(pid_t pid)
{
	int status;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			die("waitpid");
	kill(-pid, SIGKILL);
	if (expired) {
		fprintf(stderr, "spawn: out of time\n");
		return 124;
	}
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

/* What is slow, as an emulated machine is, has more time. */
static unsigned how_slow(void)
{
	const char *value = getenv("FDF_TIMES");
	int n = value ? atoi(value) : 1;

	return n > 0 ? (unsigned)n : 1;
}

static void null_stdin(void)
{
	int fd = open("/dev/null", O_RDONLY);

	if (fd < 0 || dup2(fd, 0) < 0)
		die("/dev/null");
	if (fd != 0)
		close(fd);
}

/* Where a variable of this name stands already, in its place: who reads two takes the first. */
static int set_variable(char *variable)
{
	size_t name = strcspn(variable, "=") + 1;
	int i = 0;

	while (i < nenv && strncmp(env[i], variable, name))
		i++;
	if (i == ENV_MAX)
		return -1;
	env[i] = variable;
	nenv += i == nenv;
	return 0;
}

static int option(int c, int *keep_stdin, int *cloexec, unsigned *seconds)
{
	struct rlimit r;

	switch (c) {
	case 'e':
		return set_variable(optarg);
	case 'l':
		leak(optarg, *cloexec);
		return 0;
	case 'c':
		*cloexec = FD_CLOEXEC;
		return 0;
	case 't':
		*seconds = (unsigned)atoi(optarg);
		return 0;
	case 'n':
		getrlimit(RLIMIT_NOFILE, &r);
		r.rlim_cur = (rlim_t)atol(optarg);
		return setrlimit(RLIMIT_NOFILE, &r);
	case 'i':
		*keep_stdin = 1;
		return 0;
	case 'd':
		return chdir(optarg);
	default:
		return -1;
	}
}

int main(int argc, char **argv)
{
	int c, keep_stdin = 0, cloexec = 0;
	unsigned seconds = 120;

	close_above_2();
	while ((c = getopt(argc, argv, "+e:l:ct:n:id:")) != -1)
		if (option(c, &keep_stdin, &cloexec, &seconds))
			die(argv[optind - 1]);
	if (optind == argc) {
		fprintf(stderr, "spawn: no command (usage: top of tests/helpers/spawn.c)\n");
		return 127;
	}
	if (!keep_stdin)
		null_stdin();
	signal(SIGALRM, on_alarm);
	child = fork();
	if (child < 0)
		die("fork");
	if (!child) {
		setpgid(0, 0);
		signal(SIGALRM, SIG_DFL);
		signal(SIGHUP, SIG_DFL); /* which nohup ignores */
		execvpe(argv[optind], argv + optind, env);
		die(argv[optind]);
	}
	setpgid(child, child);
	alarm(seconds * how_slow());
	return wait_for(child);
}
