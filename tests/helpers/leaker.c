/*
 * leaker: a program that leaks on purpose, for the tests of fdfence check.
 *
 *	leaker [-w FILE] [-l] [-s PATH] [-u] [-p] [-n TIMES] [-x] [-b MS] COMMAND ARG...
 *
 * Opens what is asked for without close-on-exec (-w a file for reading and
 * writing, -l a listening socket on 127.0.0.1, -s one of that name, -u a pair of sockets, -p a pipe),
 * then forks and executes COMMAND TIMES times (1), each one awaited; with -x it executes
 * COMMAND itself once instead; with -b it ends at once, and who it left behind
 * executes COMMAND so many milliseconds later.  Exits with COMMAND's last status, 128+n for signal n.
 * Called busybox, it is many programs in one, and its first argument says which.
 */
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static void need(int ok, const char *what)
{
	if (ok)
		return;
	perror(what);
	exit(120);
}

static void listener(void)
{
	struct sockaddr_in sa = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	need(fd >= 0 && !bind(fd, (struct sockaddr *)&sa, sizeof(sa)) && !listen(fd, 1), "listen");
}

static void named(const char *path)
{
	struct sockaddr_un sa = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	need(strlen(path) < sizeof(sa.sun_path), path);
	strcpy(sa.sun_path, path);
	unlink(path);
	need(fd >= 0 && !bind(fd, (struct sockaddr *)&sa, sizeof(sa)) && !listen(fd, 1), path);
}

int main(int argc, char **argv)
{
	int opt, times = 1, self = 0, behind = -1, status = 0, p[2];
	pid_t pid;

	if (argc > 1 && !strcmp(program_invocation_short_name, "busybox")) {
		argv++;
		argc--;
	}
	while ((opt = getopt(argc, argv, "+w:ls:upn:xb:")) != -1)
		switch (opt) {
		case 'w':
			need(open(optarg, O_RDWR | O_CREAT, 0600) >= 0, optarg);
			break;
		case 'l':
			listener();
			break;
		case 's':
			named(optarg);
			break;
		case 'u':
			need(!socketpair(AF_UNIX, SOCK_STREAM, 0, p), "socketpair");
			break;
		case 'p':
			need(!pipe(p), "pipe");
			break;
		case 'n':
			times = atoi(optarg);
			break;
		case 'b':
			behind = atoi(optarg);
			break;
		case 'x':
			self = 1;
			break;
		default:
			return 120;
		}
	need(optind < argc, "leaker: no command");
	if (behind >= 0) {
		if (fork())
			return 0;
		usleep((useconds_t)behind * 1000);
		self = 1;
	}
	while (!self && times-- > 0) {
		pid = fork();
		need(pid >= 0, "fork");
		if (pid == 0)
			break;
		need(waitpid(pid, &status, 0) == pid, "waitpid");
		if (times == 0)
			return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	}
	execvp(argv[optind], argv + optind);
	perror(argv[optind]);
	return 121;
}
