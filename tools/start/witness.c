/*
 * witness.c: see witness.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "tools/start/behind.h"
#include "tools/start/front.h"
#include "tools/start/witness.h"

#define PATIENCE 5000 /* ms; it answers at once, unless somebody stops it */
#define PERIOD	 50   /* ms between two looks at a CMD that is stopped */

enum { WATCH = 0, WATCH_NO_MORE = -1 }; /* what it is told; a signal is a question */

/* Whoever signals all that are called fdfence (pkill) does not mean a group. */
static void be_called_otherwise(void)
{
	char buf[4096];
	int fd = open("/proc/self/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t n, all = 0;

	prctl(PR_SET_NAME, "fdf-witness");
	while (fd >= 0 && (n = read(fd, buf, sizeof(buf))) > 0)
		all += n;
	if (fd >= 0)
		close(fd);
	memset(program_invocation_name, 0, (size_t)all); /* argv[0], and behind it the others */
}

/* All above 2 but these two: sockets of ours would tell nobody that we have ended. */
static void let_go_but(int a, int b)
{
	int low = a < b ? a : b, high = a < b ? b : a;

	behind_silent();
	if (low > STDERR_FILENO + 1)
		syscall(SYS_close_range, STDERR_FILENO + 1, low - 1, 0);
	if (high > low + 1)
		syscall(SYS_close_range, low + 1, high - 1, 0);
	if (syscall(SYS_close_range, high + 1, ~0U, 0))
		behind_let_go();
}

/* proc_pid_stat(5): the state stands behind the name, which may hold anything. */
static bool is_stopped(const struct process *cmd)
{
	char path[32], text[128];
	const char *state;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/stat", cmd->pid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : read(fd, text, sizeof(text) - 1);
	if (fd >= 0)
		close(fd);
	text[n > 0 ? n : 0] = '\0';
	state = strrchr(text, ')');
	return state && state[1] == ' ' && state[2] == 'T';
}

/* A SIGCONT before it has stopped is lost: so again and again, until the front says that it goes on. */
static void watch(int socket, const struct process *cmd, pid_t front)
{
	struct pollfd p = { .fd = socket, .events = POLLIN };

	while (poll(&p, 1, PERIOD) == 0)
		if (!is_stopped(cmd))
			kill(front, SIGCONT);
}

static void __attribute__((noreturn)) be_witness(int socket, const struct process *cmd, pid_t front)
{
	const struct timespec now = { 0 };
	sigset_t set;
	int sig;

	sigfillset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
	let_go_but(socket, cmd ? cmd->fd : socket);
	be_called_otherwise();
	while (recv(socket, &sig, sizeof(sig), 0) == sizeof(sig)) {
		if (sig == WATCH && cmd)
			watch(socket, cmd, front);
		if (sig <= 0)
			continue;
		sigemptyset(&set);
		sigaddset(&set, sig);
		sig = sigtimedwait(&set, NULL, &now);
		send(socket, &sig, sizeof(sig), MSG_NOSIGNAL);
	}
	if (cmd)
		process_signal(cmd, SIGKILL);
	_exit(0);
}

void witness_start(struct witness *w, const struct process *cmd)
{
	pid_t pid, front = getpid();
	int s[2];

	*w = (struct witness){ .socket = -1 };
	if (cmd && cmd->fd < 0)
		cmd = NULL;
	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, s))
		return;
	pid = fork();
	if (pid == 0) {
		close(s[0]);
		front_forked();
		be_witness(s[1], cmd, front);
	}
	close(s[1]);
	w->socket = s[0];
	if (pid > 0)
		w->process = process_hold(pid);
	if (pid < 0 || w->process.fd < 0)
		witness_end(w);
}

static bool ask(struct witness *w, int sig)
{
	struct pollfd p = { .fd = w->socket, .events = POLLIN };
	int r;

	if (send(w->socket, &sig, sizeof(sig), MSG_NOSIGNAL) == sizeof(sig)) {
		do
			r = poll(&p, 1, PATIENCE);
		while (r < 0 && errno == EINTR);
		if (r > 0 && recv(w->socket, &r, sizeof(r), 0) == sizeof(r))
			return r == sig;
	}
	witness_end(w); /* somebody killed it, or keeps it stopped */
	return false;
}

bool witness_saw(struct witness *w, int sig)
{
	if (!witness_is_there(w))
		return false;
	/*
	 * kill(2) gives the signal to one of the group after the other, and holds a lock meanwhile that
	 * setpgid(2) waits for.  It changes nothing, unless we were moved to another group: then along.
	 */
	setpgid(w->process.pid, getpgrp());
	if (process_reap(&w->process, false, NULL)) {
		witness_end(w);
		return false;
	}
	if (w->process
		    .stopped) { /* so SIGCONT was for us alone; what wakes it up is taken out again */
		process_signal(&w->process, SIGCONT);
		ask(w, SIGCONT);
		if (sig == SIGCONT || !witness_is_there(w))
			return false;
	}
	return ask(w, sig);
}

void witness_watch(struct witness *w, bool on)
{
	int word = on ? WATCH : WATCH_NO_MORE;

	if (witness_is_there(w))
		send(w->socket, &word, sizeof(word), MSG_NOSIGNAL);
}

void witness_end(struct witness *w)
{
	if (!witness_is_there(w))
		return;
	process_signal(&w->process, SIGKILL);
	process_reap(&w->process, true, NULL);
	process_drop(&w->process);
	close(w->socket);
	w->socket = -1;
}
