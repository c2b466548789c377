/*
 * exec.c: one exec, from the notification to the new image's release; in one thread, since the one
 * that attaches to the caller is the one that sees what becomes of it.
 */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/records/unseen.h"
#include "tools/supervise/engine.h"

#define RETRY_US 1000
#define OPTIONS	 (PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD)

int exec_wait(pid_t *pid)
{
	int status;

	/*
	 * Whoever this thread traces, by whatever number: a thread that execs takes that of its
	 * process.  Children of other threads of ours are not meant.
	 */
	do
		*pid = waitpid(-1, &status, __WALL | __WNOTHREAD);
	while (*pid < 0 && errno == EINTR);
	return *pid < 0 ? -1 : status;
}

static void end_image(pid_t pid)
{
	int status;

	kill(pid, SIGKILL);
	do /* its end is ours to take before its parent hears of it */
		status = exec_wait(&pid);
	while (status >= 0 && WIFSTOPPED(status));
}

static void image(struct exec *e)
{
	int r;

	r = exec_judge(e) || e->stop ? -1 : exec_seal(e);
	if (r < 0 || (!r && ptrace(PTRACE_DETACH, e->pid, NULL, NULL)))
		end_image(e->pid);
}

/* From the answer on: the exec is done, or has failed, or the caller is gone. */
static void follow(struct exec *e)
{
	int status = exec_wait(&e->pid);
	long sig = 0;

	if (status < 0 || !WIFSTOPPED(status))
		return;
	if (status >> 16 == PTRACE_EVENT_EXEC && (e->own || !e->sup->s.notify.killable)) {
		image(e);
		return;
	}
	if (!(status >> 16))
		sig = WSTOPSIG(status);
	ptrace(PTRACE_DETACH, e->pid, NULL, sig);
}

static enum unseen why_not(int error, pid_t tid)
{
	struct task_text status = { 0 };
	bool traced = tid && !task_read(tid, "status", &status) &&
		      strtol(task_status_line(&status, "TracerPid"), NULL, 10) > 0;

	free(status.buf);
	if (!tid)
		return UNSEEN_FOREIGN;
	if (traced)
		return UNSEEN_TRACED;
	return error == EPERM ? UNSEEN_NOT_DUMPABLE : UNSEEN_OTHER;
}

/*
 * Where any signal ends the wait for our answer (before Linux 5.19) the caller comes again while
 * another thread of ours still lets go of it.
 */
static bool is_ours(pid_t tid)
{
	struct task_text status = { 0 };
	bool ours = !task_read(tid, "status", &status) &&
		    strtol(task_status_line(&status, "TracerPid"), NULL, 10) == getpid();

	free(status.buf);
	return ours;
}

/* 0; or the errno that the caller is to get, or -1: let it go. */
static int attach(struct exec *e)
{
	struct supervisor *sup = e->sup;
	pid_t tid = e->before.tid;
	int error = 0;

	do
		error = !tid ? ESRCH : ptrace(PTRACE_SEIZE, tid, NULL, OPTIONS) ? errno : 0;
	while (error == EPERM && !sup->s.notify.killable && is_ours(tid) && !usleep(RETRY_US));
	if (!error)
		return 0;
	if (error == ESRCH && tid && kill(tid, 0))
		return -1; /* it is gone: nobody waits for the answer */
	if (sup->s.settings->on_error_deny)
		return EPERM;
	exec_tell_unseen(e, why_not(error, tid));
	return -1;
}

static void let_exec(struct exec *e, uint64_t id)
{
	const struct notify *f = &e->sup->s.notify;

	/*
	 * Where nothing but a deadly signal ends its wait, the stop for an exec that fails is asked
	 * for first, so that it cannot be missed.  On older kernels that would end the wait.
	 */
	if (f->killable)
		ptrace(PTRACE_INTERRUPT, e->before.tid, NULL, NULL);
	/* It fails where the caller is gone; then it was one that has its number now. */
	e->own = !supervise_answer(e->sup, id, 0);
	if (!f->killable)
		ptrace(PTRACE_INTERRUPT, e->before.tid, NULL, NULL);
	follow(e);
}

static void release(struct exec *e)
{
	if (e->held)
		born_let_go(e->sup->born, &e->before.key, e->before.pid, false);
	if (e->pidfd >= 0)
		close(e->pidfd);
	free(e->auxv.buf);
	free(e->args.buf);
	free(e->env.buf);
	free(e->status.buf);
	free(e->argv);
	free(e->envp);
	free(e->fds);
	free(e->seal);
	free(e->kept);
}

void exec_supervise(struct exec *e, struct supervisor *sup, const struct seccomp_notif *n,
		    const char *entry)
{
	int error;

	memset(e, 0, offsetof(struct exec, buf));
	e->sup = sup;
	e->pidfd = -1;
	e->before.entry = entry;
	e->told = n->data.args[5] == sup->s.cookies.gave && n->data.args[5];
	e->path = n->data.args[!strcmp(entry, "execve") ? 0 : 1];
	before_look(&e->before, (pid_t)n->pid);
	e->held = e->before.known && born_hold(sup->born, &e->before.key);
	error = attach(e);
	if (error)
		supervise_answer(sup, n->id, error > 0 ? error : 0);
	else
		let_exec(e, n->id);
	release(e);
}
