/*
 * supervised.c: see supervised.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/commands/supervised.h"
#include "tools/proc/procfs.h"
#include "tools/proc/supervisor.h"
#include "tools/proc/task.h"
#include "tools/start/behind.h"
#include "tools/start/child.h"
#include "tools/start/launch.h"
#include "tools/start/tree.h"
#include "tools/supervise/limits.h"
#include "tools/supervise/needs.h"
#include "tools/supervise/privileges.h"
#include "tools/supervise/supervise.h"

/* What CMD's process hands to the supervisor, with the listener attached. */
struct handing {
	pid_t pid;
	struct notify notify;
	bool closes; /* close_range closes, under the filters above */
};

/* CMD's process, before its exec. */
struct under {
	const struct supervised *s;
	int hand; /* socket to the supervisor */
};

static int send_listener(int to, const struct handing *h)
{
	struct iovec iov = { (void *)h, sizeof(*h) };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { .buf = { 0 } };
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf) };
	struct cmsghdr *c = CMSG_FIRSTHDR(&m);

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &h->notify.listener, sizeof(int));
	return sendmsg(to, &m, MSG_NOSIGNAL) == sizeof(*h) ? 0 : -1;
}

static int receive_listener(int from, struct handing *h)
{
	struct iovec iov = { h, sizeof(*h) };
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	struct msghdr m = { .msg_iov = &iov,
			    .msg_iovlen = 1,
			    .msg_control = control.buf,
			    .msg_controllen = sizeof(control.buf) };
	struct cmsghdr *c;

	if (recvmsg(from, &m, MSG_CMSG_CLOEXEC) != sizeof(*h))
		return -1;
	c = CMSG_FIRSTHDR(&m);
	if (!c || c->cmsg_type != SCM_RIGHTS)
		return -1;
	memcpy(&h->notify.listener, CMSG_DATA(c), sizeof(int));
	return 0;
}

/* What become() ends with after a message; no exec fails so. */
#define REFUSED ECANCELED

static int refuse(const char *why)
{
	say("--supervise: %s; nothing was started.  Without it the library reaches programs that "
	    "are "
	    "linked dynamically, and fdfence trace sees all",
	    why);
	return REFUSED;
}

static const char *why_no_filter(int error)
{
	switch (error) {
	case EBUSY:
		return "a listener of somebody else is above it (a container's manager?), and the "
		       "kernel admits one";
	case EINVAL:
	case ENOSYS:
		return "this kernel has no notification of system calls (seccomp, Linux 5.0)";
	case EPERM:
	case EACCES:
		return "seccomp is denied here";
	default:
		return strerror(error);
	}
}

/* Of this process, which the supervisor has to attach to.  A process has one tracer. */
static int refuse_trace(int error)
{
	struct task_text status = { 0 };
	struct task_stat tracer;
	char *why;
	pid_t by = task_read(0, "status", &status)
			   ? 0
			   : (pid_t)strtol(task_status_line(&status, "TracerPid"), NULL, 10);

	if (by)
		why = must_printf("another program traces this one already: %s (process %d)",
				  task_stat(by, &tracer) ? "?" : tracer.comm, (int)by);
	else
		why = must_dup(error == EPERM
				       ? "ptrace is denied here (a filter, or Yama's ptrace_scope)"
				       : strerror(error));
	refuse(why);
	free(why);
	free(status.buf);
	return REFUSED;
}

static struct notify_cookies cookies_of(const struct config *c)
{
	uint64_t cookie = config_get(c, "COOKIE") ? c->settings.cookie : 0;

	return (struct notify_cookies){ .covered = cookie, .gave = cookie ? cookie + 1 : 0 };
}

static bool seals(const struct config *c)
{
	return c->settings.policy.verdict == FDF_SEAL && !c->settings.off;
}

/*
 * Does close_range close?  A filter above may deny it, or say that it did: the number that it has closed
 * is the first free one again.
 */
static bool closes(int any)
{
	int fd = fcntl(any, F_DUPFD_CLOEXEC, STDERR_FILENO + 1), again;
	bool says = fd >= 0 && !syscall(SYS_close_range, fd, fd, 0);

	again = fcntl(any, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	if (again != fd)
		close(fd);
	close(again);
	return says && again == fd;
}

/* For child_start(): take the filter, wait until somebody answers it, and become CMD. */
static int become(void *ctx)
{
	const struct under *u = ctx;
	const struct supervised *s = u->s;
	struct handing h = { .pid = getpid(), .closes = closes(u->hand) };
	struct notify_cookies cookies = cookies_of(s->config);
	int error = notify_install(&h.notify, &cookies, seals(s->config));

	if (error)
		return refuse(why_no_filter(-error));
	if (send_listener(u->hand, &h))
		return refuse("the supervisor is gone");
	close(h.notify.listener); /* what nobody answers fails when the supervisor has closed it, too */
	needs_ask();
	if (send(u->hand, "", 1, MSG_NOSIGNAL) != 1 ||
	    recv(u->hand, &error, sizeof(error), 0) != sizeof(error))
		return refuse("the supervisor is gone");
	if (error)
		return error == REFUSED ? REFUSED : refuse_trace(error);
	if (!h.notify.privileges && !s->config->quiet)
		say("supervised without privileges: set-user-ID programs such as sudo, su and ping "
		    "gain none below it");
	return launch_exec(s->config, s->cmd);
}

static void reap(void *ctx)
{
	tree_reap(ctx);
}

static void tell(const struct supervised *s, enum supervised_is is, int value)
{
	struct supervised_word word = { is, value, getpid() };

	/* Fails when the front was killed: nobody wants to know. */
	send(s->told, &word, sizeof(word), MSG_NOSIGNAL);
}

static void tell_stop(void *ctx, int sig)
{
	tell(ctx, SUPERVISED_STOPPED, sig);
}

static void __attribute__((noreturn)) be_reaper(const struct supervised *s, int hand)
{
	struct under u = { s, hand };
	struct child c;
	int r;

	tree_adopt();
	r = child_start(&c, become, &u);
	close(hand);
	close(s->lives);
	tell(s, SUPERVISED_STARTED, r < 0 || r == REFUSED ? -1 : r);
	if (r)
		_exit(EXIT_OWN);
	c.tell = tell_stop;
	c.ctx = (void *)s;
	limits_raise();
	privileges_keep(PRIVILEGE(CAP_KILL)); /* what is sent to us is handed on to CMD */
	setpgid(0, 0);			      /* the terminal stops CMD and the front, not us */
	behind_let_go();
	behind_silent();
	tell(s, SUPERVISED_ENDED, child_wait(&c, reap, &c));
	close(s->told);
	while (!tree_wait(NULL, NULL))
		;
	_exit(0);
}

static unsigned filters_of(pid_t pid)
{
	struct task_text status = { 0 };
	unsigned n = UINT_MAX; /* before Linux 5.9 */

	if (!task_read(pid, "status", &status) && *task_status_line(&status, "Seccomp_filters"))
		n = (unsigned)strtoul(task_status_line(&status, "Seccomp_filters"), NULL, 10);
	free(status.buf);
	return n;
}

/* Until nobody is left under the filter; what we have to say is said while the front is there. */
static void wait_for_end(const struct supervised *s, int listener)
{
	struct pollfd p[] = { { .fd = listener }, { .fd = s->lives } };

	for (;;) {
		poll(p, 2, -1);
		if (p[0].revents & (POLLHUP | POLLERR))
			return;
		if (p[1].fd >= 0 && p[1].revents & POLLHUP) {
			behind_silent();
			p[1].fd = -1;
		}
	}
}

/*
 * To attach to whoever it is, also where a set-user-ID program is what comes (ptrace(2)), to look at
 * it, and to end it; and to write to a log file that is somebody else's.
 */
static void drop_privileges(const struct supervised *s)
{
	struct fdf_str log = s->config->settings.log;
	bool file = log.len && log.s[0] == '/';

	/* Without it, who traces must have whatever is traced has: a container's root, by default. */
	if (!privileges_have(PRIVILEGE(CAP_SYS_PTRACE)))
		return;
	privileges_keep(PRIVILEGE(CAP_SYS_PTRACE) | PRIVILEGE(CAP_KILL) |
			PRIVILEGE(CAP_DAC_READ_SEARCH) | (file ? PRIVILEGE(CAP_DAC_OVERRIDE) : 0));
}

/* 0; or REFUSED, after a message, and whoever is under the filter gets an error from now on. */
static int try_needs(int hand, int listener)
{
	char *why = needs_try(listener, hand), word;
	int refused = why ? REFUSED : 0;

	if (why) {
		close(listener);
		refuse(why);
		free(why);
	}
	recv(hand, &word, sizeof(word), 0); /* it has asked */
	return refused;
}

static void __attribute__((noreturn)) be_supervisor(const struct supervised *s, int hand)
{
	struct supervise how = { .settings = &s->config->settings };
	struct handing h;
	int error;

	setpgid(0, 0);
	prctl(PR_SET_NAME, seals(s->config) ? SUPERVISOR_SEALS : SUPERVISOR_REPORTS);
	behind_let_go();
	if (receive_listener(hand, &h))
		_exit(EXIT_OWN); /* who had to send it has said why */
	procfs_hold();
	limits_raise();
	if (limits_life_s() && !s->config->quiet)
		say("the supervisor may use %lu s of processor time (ulimit -t); behind that execs "
		    "below "
		    "it fail",
		    limits_life_s());
	how.notify = h.notify;
	how.cookies = cookies_of(s->config);
	how.filters = filters_of(h.pid);
	how.closes = h.closes;
	how.first = h.pid;
	drop_privileges(s);
	error = try_needs(hand, h.notify.listener);
	if (!error)
		error = supervise_may_trace(h.pid);
	if (!error && !supervise_start(&how))
		_exit(EXIT_OWN);
	if (send(hand, &error, sizeof(error), MSG_NOSIGNAL) == sizeof(error) && !error)
		wait_for_end(s, h.notify.listener);
	send(s->lives, "", 1, MSG_NOSIGNAL);
	_exit(0);
}

void supervised_become(const struct supervised *s)
{
	sigset_t all, as_it_was;
	int hand[2];
	pid_t reaper;

	sigfillset(&all); /* whatever is sent to the group is for CMD and the front */
	sigprocmask(SIG_BLOCK, &all, &as_it_was);

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, hand)) {
		say("cannot make a socket: %s", strerror(errno));
		_exit(EXIT_OWN);
	}
	reaper = fork();
	if (reaper == 0) {
		sigprocmask(SIG_SETMASK, &as_it_was, NULL);
		close(hand[0]);
		be_reaper(s, hand[1]);
	}
	if (reaper < 0) {
		say("cannot fork: %s", strerror(errno));
		_exit(EXIT_OWN);
	}
	close(hand[1]);
	close(s->told);
	be_supervisor(s, hand[0]);
}
