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

#include "tools/proc/process.h"

#define BY_PIDFD ((idtype_t)3) /* P_PIDFD of linux/wait.h, which older libcs do not know */

static int wait_for(const struct process *p, siginfo_t *info, int how)
{
	int r;

	info->si_pid = 0;
	do
		r = p->fd >= 0 ? waitid(BY_PIDFD, (id_t)p->fd, info, WEXITED | how)
			       : waitid(P_PID, (id_t)p->pid, info, WEXITED | how);
	while (r < 0 && errno == EINTR);
	return r;
}

static int send(int fd, int sig)
{
	return (int)syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0);
}

struct process process_hold(pid_t pid)
{
	struct process p = { .pid = pid, .fd = (int)syscall(SYS_pidfd_open, pid, 0) };
	siginfo_t info;

	/* all of it, or none: what can be opened and not used holds nothing */
	if (p.fd >= 0 && (send(p.fd, 0) || wait_for(&p, &info, WNOHANG | WNOWAIT)))
		process_drop(&p);
	p.pid = pid;
	return p;
}

struct process process_share(const struct process *p)
{
	return (struct process){ p->pid, p->fd < 0 ? -1 : fcntl(p->fd, F_DUPFD_CLOEXEC, 0) };
}

void process_drop(struct process *p)
{
	if (p->fd >= 0)
		close(p->fd);
	*p = (struct process){ 0, -1 };
}

void process_signal(const struct process *p, int sig)
{
	if (p->fd >= 0)
		send(p->fd, sig);
	else if (p->pid > 0)
		kill(p->pid, sig);
}

bool process_ended(const struct process *p)
{
	siginfo_t info;

	return wait_for(p, &info, WNOHANG | WNOWAIT) == 0 && info.si_pid;
}

bool process_reap(struct process *p, bool wait, int *status)
{
	siginfo_t info;

	if (wait_for(p, &info, wait ? 0 : WNOHANG) || !info.si_pid)
		return false;
	if (status)
		*status = info.si_status + (info.si_code == CLD_EXITED ? 0 : 128);
	process_drop(p);
	return true;
}
