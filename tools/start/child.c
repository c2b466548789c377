/*
 * child.c: CMD as a child.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/start/addressed.h"
#include "tools/start/child.h"
#include "tools/start/front.h"
#include "tools/start/signals.h"
#include "tools/start/witness.h"
#include "tools/base/base.h"

#define TICK 250 /* ms */

/*
 * And the real-time signals.  Not those of faults, nor SIGTTIN and SIGTTOU,
 * which the terminal sends to whoever uses it.
 */
static const int forwarded[] = { SIGHUP,  SIGINT,   SIGQUIT,   SIGTERM, SIGUSR1, SIGUSR2, SIGALRM,
				 SIGPIPE, SIGCONT,  SIGVTALRM, SIGPROF, SIGXCPU, SIGURG,  SIGIO,
				 SIGPWR,  SIGWINCH, SIGSTKFLT, SIGTSTP, SIGXFSZ };

/*
 * The signals that wait for child_ended().  A blocked signal is queued even if it
 * is ignored (signal(7)), so that nohup changes nothing here; SIGCONT continues
 * us all the same.
 */
static void waited_for(sigset_t *set)
{
	size_t i;
	int sig;

	sigemptyset(set);
	sigaddset(set, SIGCHLD);
	for (i = 0; i < sizeof(forwarded) / sizeof(forwarded[0]); i++)
		sigaddset(set, forwarded[i]);
	for (sig = SIGRTMIN; sig <= SIGRTMAX; sig++)
		sigaddset(set, sig);
}

static ssize_t read_all(int fd, void *to, size_t size)
{
	ssize_t n;

	do
		n = read(fd, to, size);
	while (n < 0 && errno == EINTR);
	return n;
}

static void restore_signals(const struct child *c)
{
	close(c->signals);
	sigaction(SIGCHLD, &c->chld, NULL);
	sigprocmask(SIG_SETMASK, &c->mask, NULL);
}

static void in_child(const struct child *c, int go, int failed, int (*become)(void *), void *ctx)
{
	int err;
	char byte;

	close(c->go); /* or it would never read the end of our own pipe */
	if (read_all(go, &byte, 1) != 1)
		_exit(EXIT_OWN); /* the parent gave up, and has said why */
	restore_signals(c);
	addressed_take();
	err = become(ctx);
	if (write(failed, &err, sizeof(err)) < 0)
		_exit(EXIT_OWN);
	_exit(EXIT_NOTFOUND);
}

static void close_both(const int p[2])
{
	close(p[0]);
	close(p[1]);
}

static struct process watched; /* CMD, from its fork to its end; pid 0: none */

/* For out_of_memory(), in whatever thread: a command that nobody watches is not left behind. */
static void end_watched(void)
{
	if (!watched.pid)
		return;
	process_signal(&watched, SIGKILL);
	say("the command was killed: it cannot be watched any more");
}

/* Which system call is missing; errno says why. */
static const char *denied(void)
{
	const struct timespec now = { 0 };
	sigset_t none;
	int status;

	sigemptyset(&none);
	if (process_wait(getpid(), &status, WNOHANG) < 0 && errno != ECHILD)
		return "wait4 and waitid";
	if (poll(NULL, 0, 0) < 0 && errno != EINTR)
		return "poll";
	if (sigtimedwait(&none, NULL, &now) < 0 && errno != EAGAIN && errno != EINTR)
		return "rt_sigtimedwait";
	return NULL;
}

int child_check(void)
{
	const char *call = denied();

	if (call)
		say("cannot wait: %s: %s", call, strerror(errno));
	return call ? -1 : 0;
}

/* fork() with the signals that child_ended() waits for blocked: 0 in the child, -1 after a message. */
static pid_t fork_watched(struct child *c, bool is_cmd)
{
	struct sigaction dfl = { .sa_handler = SIG_DFL };
	sigset_t set;
	pid_t pid;

	if (child_check())
		return -1;
	front_note();
	waited_for(&set);
	*c = (struct child){ .go = c->go,
			     .failed = c->failed,
			     .also = -1,
			     .end = front_end(),
			     .is_cmd = is_cmd,
			     .witness.socket = -1 };
	c->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (c->signals < 0) {
		say("cannot wait: signalfd: %s", strerror(errno));
		return -1;
	}
	sigprocmask(SIG_BLOCK, &set, &c->mask);
	sigaction(SIGCHLD, &dfl, &c->chld); /* if it was ignored there would be no status */
	pid = fork();
	if (pid == 0)
		front_forked();
	if (pid > 0)
		c->cmd = process_hold(pid);
	/* Behind it: a signal to the group that comes between the two arrives twice.  Before, it could be lost. */
	if (pid > 0 && front_is_us())
		witness_start(&c->witness, is_cmd ? &c->cmd : NULL);
	if (pid < 0) {
		say("cannot fork: %s", strerror(errno));
		restore_signals(c);
	}
	return pid;
}

pid_t child_fork(struct child *c)
{
	pid_t pid;

	c->go = c->failed = -1;
	pid = fork_watched(c, false);
	if (pid == 0)
		restore_signals(c);
	return pid;
}

int child_hold(struct child *c, int (*become)(void *ctx), void *ctx)
{
	int go[2], failed[2];
	pid_t pid;

	if (pipe2(go, O_CLOEXEC)) {
		say("cannot make a pipe: %s", strerror(errno));
		return -1;
	}
	if (pipe2(failed, O_CLOEXEC)) {
		say("cannot make a pipe: %s", strerror(errno));
		close_both(go);
		return -1;
	}
	c->go = go[1];
	c->failed = failed[0];
	pid = fork_watched(c, true);
	if (pid == 0)
		in_child(c, go[0], failed[1], become, ctx);
	close(go[0]);
	close(failed[1]);
	if (pid > 0) {
		watched = c->cmd;
		atexit(end_watched);
		return 0;
	}
	close(c->go);
	close(c->failed);
	return -1;
}

static bool take_signal(const struct child *c, struct signalfd_siginfo *info)
{
	return read_all(c->signals, info, sizeof(*info)) == sizeof(*info);
}

void child_done(struct child *c)
{
	struct signalfd_siginfo info;

	witness_end(&c->witness);
	while (take_signal(c, &info))
		sigaddset(&c->seen, (int)info.ssi_signo);
	sigaddset(&c->mask, SIGPIPE); /* these two a write tells, too */
	sigaddset(&c->mask, SIGXFSZ);
	restore_signals(c);
}

int child_go(struct child *c)
{
	int err = 0;
	ssize_t n;

	/* Fails when somebody killed the child while it waited: child_ended() tells. */
	n = write(c->go, "", 1);
	close(c->go);
	n = read_all(c->failed, &err, sizeof(err)); /* its end: the exec closed it */
	close(c->failed);
	if (n != sizeof(err))
		return 0;
	watched = (struct process){ 0 };
	witness_end(&c->witness);
	process_reap(&c->cmd, true, NULL);
	child_done(c);
	return err;
}

int child_start(struct child *c, int (*become)(void *ctx), void *ctx)
{
	return child_hold(c, become, ctx) ? -1 : child_go(c);
}

void child_reaped(struct child *c, int status)
{
	watched = (struct process){ 0 };
	witness_end(&c->witness);
	process_reaped(&c->cmd, status);
}

static bool has_ended(struct child *c, int *status)
{
	if (!process_reap(&c->cmd, false, status))
		return false;
	watched = (struct process){ 0 };
	witness_end(&c->witness);
	return true;
}

/* SIGKILL would have ended CMD, had it been the front; where the front gave up by itself CMD goes on. */
static void end_with_front(struct child *c)
{
	if (front_was_killed())
		process_signal(&c->cmd, SIGKILL);
	c->end = -1;
}

bool child_ended(struct child *c, int patience, int *status)
{
	struct pollfd wait[] = { { .fd = c->signals, .events = POLLIN },
				 { .fd = c->cmd.fd, .events = POLLIN }, /* -1: SIGCHLD tells */
				 { .fd = c->also, .events = POLLIN },
				 { .fd = c->is_cmd ? c->end : -1, .events = POLLIN } };
	struct signalfd_siginfo info;
	bool was_stopped = c->cmd.stopped;

	poll(wait, sizeof(wait) / sizeof(*wait), patience);
	if (wait[3].revents)
		end_with_front(c);
	/* A signal that came behind its end is left to whoever waits next. */
	if (has_ended(c, status)) {
		if (was_stopped && c->is_cmd)
			front_continue(); /* it went on, and did not for long */
		return true;
	}
	child_follow(c, was_stopped);
	if (take_signal(c, &info))
		child_hand_on(c, &info);
	return has_ended(c, status); /* that may have been its SIGCHLD */
}

int child_wait(struct child *c, void (*tick)(void *ctx), void *ctx)
{
	int status;

	while (!child_ended(c, TICK, &status))
		if (tick)
			tick(ctx);
	return status;
}

void child_kill(struct child *c)
{
	process_signal(&c->cmd, SIGKILL);
	watched = (struct process){ 0 };
	witness_end(&c->witness);
	process_reap(&c->cmd, true, NULL);
	child_done(c);
}
