/*
 * host_quiet: what the shim writes raises no signal in the host.
 *
 *	host_quiet WHERE NAME=VALUE...
 *
 * execs itself with these variables, and WHERE as fd 2:
 *
 *	gone      a pipe that nobody reads
 *	gone-sent the same, and the process has a SIGPIPE pending
 *	hung-up   a stream socket whose other end is closed
 *	full      a pipe that nobody empties
 *	limit     a file at the limit of the size of files
 *	terminal  a terminal (TOSTOP) that belongs to other processes; it is named by "TTY" in a VALUE
 *
 * and says what became of it: how it ended, and the signals that it found pending.
 */
#include <pty.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <termios.h>

#include "tests/helpers/host/host.h"

static char terminal[64];

/* In the image with the shim: behind its constructor. */
static int told(int out)
{
	sigset_t set;

	sigpending(&set);
	dprintf(out, "pending:%s%s%s\n", sigismember(&set, SIGPIPE) ? " SIGPIPE" : "",
		sigismember(&set, SIGXFSZ) ? " SIGXFSZ" : "",
		sigismember(&set, SIGTTOU) ? " SIGTTOU" : "");
	return 0;
}

static int pipe_to_nobody(void)
{
	int p[2];

	if (pipe(p))
		die("pipe");
	close(p[0]);
	return p[1];
}

static int full_pipe(void)
{
	static char block[4096];
	int p[2];

	if (pipe(p) || fcntl(p[1], F_SETFL, O_NONBLOCK))
		die("pipe");
	while (write(p[1], block, sizeof block) > 0)
		;
	fcntl(p[1], F_SETFL, 0);
	return p[1];
}

static int hung_up(void)
{
	int s[2];

	if (socketpair(AF_UNIX, SOCK_STREAM, 0, s))
		die("socketpair");
	close(s[0]);
	return s[1];
}

static int limited(void)
{
	struct rlimit none = { 0, 0 };
	int fd = fileno(tmpfile());

	if (setrlimit(RLIMIT_FSIZE, &none))
		die("setrlimit");
	return fd;
}

/* Go on as a child: a leader of a process group cannot begin a session. */
static void as_child(void)
{
	pid_t pid = fork();
	int status = 0;

	if (pid < 0 || (pid && waitpid(pid, &status, 0) != pid))
		die("fork");
	if (pid)
		_exit(WIFEXITED(status) ? WEXITSTATUS(status) : 125);
}

/* We lead the session, our child is in the background. */
static int tty(void)
{
	struct termios t;
	int master, slave;

	if (openpty(&master, &slave, terminal, NULL, NULL))
		cannot("open a terminal");
	as_child();
	tcgetattr(slave, &t);
	t.c_lflag |= TOSTOP;
	if (setsid() < 0 || ioctl(slave, TIOCSCTTY, 0) || tcsetattr(slave, TCSANOW, &t))
		cannot("own a terminal");
	return slave;
}

static void sent(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	sigprocmask(SIG_BLOCK, &set, NULL);
	raise(SIGPIPE);
}

static int place(const char *where)
{
	if (!strncmp(where, "gone", 4))
		return pipe_to_nobody();
	if (!strcmp(where, "hung-up"))
		return hung_up();
	if (!strcmp(where, "full"))
		return full_pipe();
	if (!strcmp(where, "limit"))
		return limited();
	return tty();
}

static void set(char *variable)
{
	char *value = strchr(variable, '=');

	*value++ = '\0';
	setenv(variable, strcmp(value, "TTY") ? value : terminal, 1);
}

int main(int argc, char **argv)
{
	char out[16];
	int fd, status;
	pid_t pid;

	if (argc == 3 && !strcmp(argv[1], "told"))
		return told(atoi(argv[2]));
	if (argc < 3)
		return 125;
	fd = place(argv[1]);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (!pid) {
		setpgid(0, 0);
		if (!strcmp(argv[1], "gone-sent"))
			sent();
		for (int i = 2; i < argc; i++)
			set(argv[i]);
		snprintf(out, sizeof out, "%d", fcntl(1, F_DUPFD, 10));
		if (dup2(fd, 2) < 0)
			_exit(125);
		execl("/proc/self/exe", argv[0], "told", out, NULL);
		_exit(125);
	}
	if (waitpid(pid, &status, WUNTRACED) != pid)
		die("waitpid");
	if (WIFSTOPPED(status)) {
		printf("stopped by %s\n", strsignal(WSTOPSIG(status)));
		kill(pid, SIGKILL);
	} else if (WIFSIGNALED(status)) {
		printf("killed by %s\n", strsignal(WTERMSIG(status)));
	} else {
		printf("exit status %d\n", WEXITSTATUS(status));
	}
	return 0;
}
