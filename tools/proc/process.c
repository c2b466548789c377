/*
 * process.c: see process.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/process.h"

#define BY_PIDFD ((idtype_t)3) /* P_PIDFD of linux/wait.h, which older libcs do not know */

/* As wait(2) has it. */
static int status_of(const siginfo_t *info)
{
	switch (info->si_code) {
	case CLD_EXITED:
		return info->si_status << 8;
	case CLD_DUMPED:
		return info->si_status | WCOREFLAG;
	case CLD_STOPPED:
	case CLD_TRAPPED: /* with the event of ptrace(2), as it is */
		return info->si_status << 8 | 0x7f;
	case CLD_CONTINUED:
		return 0xffff;
	default:
		return info->si_status;
	}
}

static pid_t by_waitid(idtype_t type, int id, int *status, int options)
{
	siginfo_t info = { 0 };
	int r;

	do
		r = waitid(type, (id_t)id, &info, WEXITED | options);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -1;
	*status = status_of(&info);
	return info.si_pid;
}

pid_t process_wait(pid_t pid, int *status, int options)
{
	pid_t r;

	do
		r = waitpid(pid, status, options);
	while (r < 0 && errno == EINTR);
	if (r >= 0 || errno == ECHILD)
		return r;
	return by_waitid(pid < 0 ? P_ALL : P_PID, pid < 0 ? 0 : pid, status, options);
}

static int send(int fd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0);
}

/* All of it, or none: what can be opened and not used holds nothing.  ECHILD: it is no child of ours. */
static bool is_usable(int fd)
{
	int status;

	return !send(fd, 0) &&
	       (by_waitid(BY_PIDFD, fd, &status, WNOHANG | WNOWAIT) >= 0 || errno == ECHILD);
}

struct process process_hold(pid_t pid)
{
	struct process p = { .pid = pid, .fd = (int)syscall(SYS_pidfd_open, pid, 0) };

	if (p.fd >= 0 && !is_usable(p.fd))
		process_drop(&p);
	p.pid = pid;
	return p;
}

struct process process_share(const struct process *p)
{
	return (struct process){ .pid = p->pid,
				 .fd = p->fd < 0 ? -1 : fcntl(p->fd, F_DUPFD_CLOEXEC, 0) };
}

void process_drop(struct process *p)
{
	if (p->fd >= 0)
		close(p->fd);
	*p = (struct process){ .fd = -1 };
}

void process_signal(const struct process *p, int sig)
{
	if (p->fd >= 0)
		send(p->fd, sig);
	else if (p->pid > 0)
		kill(p->pid, sig);
}

void process_reaped(struct process *p, int status)
{
	process_drop(p);
	p->reaped = true;
	p->status = status;
}

static bool reap(struct process *p, int options)
{
	int status;

	while (p->pid > 0 && (p->fd >= 0 ? by_waitid(BY_PIDFD, p->fd, &status, options)
					 : process_wait(p->pid, &status, options)) > 0) {
		if (!WIFSTOPPED(status) && !WIFCONTINUED(status)) {
			process_reaped(p, status);
			return true;
		}
		p->stopped = WIFSTOPPED(status);
		p->stop = WIFSTOPPED(status) ? WSTOPSIG(status) : 0;
	}
	return false;
}

bool process_reap(struct process *p, bool wait, int *status)
{
	if (!p->reaped && !reap(p, wait ? 0 : WNOHANG | WUNTRACED | WCONTINUED))
		return false;
	if (status)
		*status = WIFEXITED(p->status) ? WEXITSTATUS(p->status)
					       : EXIT_BY_SIGNAL + 128 + WTERMSIG(p->status);
	p->reaped = false;
	return true;
}
