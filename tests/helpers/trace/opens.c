/*
 * opens: open files as a careless program does, then exec.
 *
 *	opens [OPTIONS] CMD [ARGS...]
 *
 *	-n N      open /etc/passwd N times (default 1), from number 3 on
 *	-p PATH   open this file instead (created if missing)
 *	-l        a listening socket on 127.0.0.1 as well
 *	-c        clear close-on-exec on them with fcntl, as a program that means it
 *	-C        ... with ioctl
 *	-e        open one more, close-on-exec
 *	-r FLAGS  close_range(3, ~0, FLAGS) before the exec
 *	-R FLAGS  the same in three parts: 3, 4, 5 to the end
 *	-u        mark the first one, try a program that does not exist, unmark it
 *	-x        try a program that does not exist first
 *	-f        exec in a forked child, exit with its status
 *	-d        in that child, or without -f in this process, put the first one on 9 with dup2
 *	-D        fork, there put the first one on 9 with dup2, and exec in a child of that
 *	-V        the same, and that child is made by vfork
 *	-P        put the first one on 9 with dup2, and exec in a forked child
 *	-t        exec in a thread that is not the leader
 *	-h        exec in a vfork-like thread that shares the table, as the shim does
 *	-i N      do it N times (needs -f)
 *	-F N      first fork N children, which wait for its end
 *	-w        say "ready" on stdout and wait for a line on stdin first
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *path = "/etc/passwd";
static int range_flags = -1, parts, retry, undoes, forks, placed, threads, helper, clears;
static int n = 1, listens, times = 1, waits, private, crowds;
static char **cmd;

static void seal(void)
{
	if (range_flags < 0)
		return;
	if (!parts) {
		syscall(SYS_close_range, 3, ~0u, range_flags);
		return;
	}
	syscall(SYS_close_range, 3, 3, range_flags);
	syscall(SYS_close_range, 4, 4, range_flags);
	syscall(SYS_close_range, 5, ~0u, range_flags);
}

static void run(void)
{
	seal();
	if (undoes) {
		fcntl(3, F_SETFD, FD_CLOEXEC);
		execl("/nonexistent", "nonexistent", NULL);
		fcntl(3, F_SETFD, 0);
	}
	if (retry)
		execl("/nonexistent", "nonexistent", NULL);
	execvp(cmd[0], cmd);
	_exit(127);
}

static void *thread(void *unused)
{
	run();
	return unused;
}

static int task(void *unused)
{
	(void)unused;
	run();
	return 1;
}

static void go(void)
{
	static char stack[65536] __attribute__((aligned(16)));
	pthread_t t;

	if (threads && !pthread_create(&t, NULL, thread, NULL))
		pthread_join(t, NULL);
	if (helper)
		clone(task, stack + sizeof(stack),
		      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_VFORK |
			      CLONE_THREAD | CLONE_SYSVSEM,
		      NULL);
	run();
}

static int in_child(void)
{
	int status;
	pid_t pid = fork();

	if (!pid) {
		if (placed && placed != 'P')
			dup2(3, 9);
		if (placed == 'D' && (pid = fork())) {
			waitpid(pid, &status, 0);
			_exit(0);
		}
		if (placed == 'V' && (pid = vfork())) {
			waitpid(pid, &status, 0);
			_exit(0);
		}
		go();
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 125;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static void open_all(void)
{
	struct rlimit lim = { 1 << 16, 1 << 16 };
	int i, fd;

	setrlimit(RLIMIT_NOFILE, &lim);
	for (i = 0; i < n; i++) {
		fd = open(path, O_RDONLY | O_CREAT, 0600);
		if (clears == 'c')
			fcntl(fd, F_SETFD, 0);
		else if (clears)
			ioctl(fd, FIONCLEX);
	}
	if (private && open(path, O_RDONLY | O_CLOEXEC) < 0)
		exit(125);
}

static void crowd(int children)
{
	int end[2];
	char c;

	if (pipe2(end, O_CLOEXEC))
		exit(125);
	while (children-- > 0) {
		pid_t pid = fork();

		if (pid < 0)
			exit(125);
		if (!pid) {
			close(end[1]);
			_exit(read(end[0], &c, 1) != 0);
		}
	}
	close(end[0]);
}

static void listener(void)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	if (bind(fd, (void *)&a, sizeof(a)) || listen(fd, 1))
		exit(125);
}

static int options(int argc, char **argv)
{
	static int *const numbers[128] = { ['n'] = &n, ['i'] = &times, ['F'] = &crowds };
	int opt;

	while ((opt = getopt(argc, argv, "+n:p:lcCer:R:xufdDVPthi:F:w")) != -1) {
		if (numbers[opt & 127]) {
			*numbers[opt & 127] = atoi(optarg);
			continue;
		}
		switch (opt) {
		case 'p':
			path = optarg;
			break;
		case 'l':
			listens = 1;
			break;
		case 'c':
		case 'C':
			clears = opt;
			break;
		case 'e':
			private
			= 1;
			break;
		case 'R':
			parts = 1; /* fall through */
		case 'r':
			range_flags = atoi(optarg);
			break;
		case 'u':
			undoes = 1;
			break;
		case 'x':
			retry = 1;
			break;
		case 'f':
			forks = 1;
			break;
		case 'D':
		case 'V':
		case 'P':
			forks = 1; /* fall through */
		case 'd':
			placed = opt;
			break;
		case 't':
			threads = 1;
			break;
		case 'h':
			helper = 1;
			break;
		case 'w':
			waits = 1;
			break;
		default:
			return -1;
		}
	}
	return 0;
}

int main(int argc, char **argv)
{
	int status = 0;

	if (options(argc, argv))
		return 125;
	cmd = argv + optind;
	open_all();
	if (listens)
		listener();
	if (crowds)
		crowd(crowds);
	if (waits) {
		char c;

		puts("ready");
		fflush(stdout);
		while (read(0, &c, 1) == 1 && c != '\n')
			;
	}
	if (!cmd[0])
		return 0;
	if (placed == 'P')
		dup2(3, 9);
	if (!forks) {
		if (placed)
			dup2(3, 9);
		go();
	}
	while (times-- > 0)
		status = in_child();
	return status;
}
