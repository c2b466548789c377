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
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/proc/process.h"
#include "tools/records/unseen.h"
#include "tools/supervise/engine.h"

#define RETRY_US     1000
#define SYSCALL_STOP (SIGTRAP | 0x80) /* PTRACE_O_TRACESYSGOOD */
#define OPTIONS	     (PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD)

int exec_wait(pid_t *pid)
{
	int status;

	/*
	 * Whoever this thread traces, by whatever number: a thread that execs takes that of its
	 * process.  Children of other threads of ours are not meant.
	 */
	*pid = process_wait(-1, &status, __WALL | __WNOTHREAD);
	return *pid < 0 ? -1 : status;
}

/* What we trace is dying: its parent does not hear of its end before we have. */
static void await_end(void)
{
	int status;
	pid_t pid;

	do
		status = exec_wait(&pid);
	while (status >= 0 && WIFSTOPPED(status));
}

static void end_image(pid_t pid)
{
	kill(pid, SIGKILL);
	await_end();
}

static void image(struct exec *e)
{
	int r;

	r = exec_judge(e) || e->stop ? -1 : exec_seal(e);
	if (r < 0)
		end_image(e->pid);
	else if (!r && ptrace(PTRACE_DETACH, e->pid, NULL, NULL))
		await_end(); /* somebody has killed it as it stood there */
}

static bool is_stop_signal(int sig)
{
	return sig == SIGSTOP || sig == SIGTSTP || sig == SIGTTIN || sig == SIGTTOU;
}

/* A trap of its own code, and no signal that somebody has sent? */
static bool is_trap(pid_t pid)
{
	siginfo_t info;

	return !ptrace(PTRACE_GETSIGINFO, pid, NULL, &info) && info.si_signo == SIGTRAP &&
	       info.si_code > 0;
}

/* PTRACE_SYSCALL: to the next entry or exit of a system call; PTRACE_CONT: to a trap. */
static int run_to(struct exec *e, enum __ptrace_request to)
{
	enum __ptrace_request how = to;
	long sig = 0;

	for (;;) {
		int status;
		pid_t pid;

		if (ptrace(how, e->pid, NULL, sig)) {
			if (errno != ESRCH)
				return -1;
			await_end();
			return EXEC_GONE;
		}
		status = exec_wait(&pid);
		if (status < 0 || !WIFSTOPPED(status))
			return EXEC_GONE;
		how = to;
		sig = 0;
		if (WSTOPSIG(status) == SYSCALL_STOP)
			return 0;
		if (to == PTRACE_CONT && status >> 8 == SIGTRAP && is_trap(pid))
			return 0;
		if (status >> 16 == PTRACE_EVENT_EXEC) {
			e->pid = pid;
			return EXEC_DONE;
		}
		if (status >> 16 == PTRACE_EVENT_STOP) {
			if (is_stop_signal(WSTOPSIG(status)))
				how = PTRACE_LISTEN; /* it stays stopped until it is continued */
		} else if (!(status >> 16)) {
			sig = WSTOPSIG(status);
		}
	}
}

int exec_to_syscall(struct exec *e)
{
	return run_to(e, PTRACE_SYSCALL);
}

int exec_to_trap(struct exec *e)
{
	return run_to(e, PTRACE_CONT);
}

/* Another thread of ours attends to what becomes of the exec that this one asks for. */
static bool is_followed(struct supervisor *sup, pid_t tid)
{
	struct exec *e;

	pthread_mutex_lock(&sup->lock);
	for (e = sup->followed; e && e->before.tid != tid; e = e->next)
		;
	pthread_mutex_unlock(&sup->lock);
	return e;
}

static void enlist(struct exec *e, struct exec **list)
{
	pthread_mutex_lock(&e->sup->lock);
	e->next = *list;
	*list = e;
	pthread_mutex_unlock(&e->sup->lock);
}

static void delist(struct exec *e, struct exec **list)
{
	pthread_mutex_lock(&e->sup->lock);
	while (*list != e)
		list = &(*list)->next;
	*list = e->next;
	pthread_mutex_unlock(&e->sup->lock);
}

/*
 * Our stop was asked for before the exec was done, and looks like a signal to what the exec may wait
 * for: a file system (FUSE) gives up then.  It is made once more, with the end of the call to wait for.
 * true: there is a new image.
 */
static bool repeat(struct exec *e)
{
	int r = -1;

	enlist(e, &e->sup->followed);
	if (!arch_repeat(e->pid, e->first))
		r = exec_to_syscall(e); /* its entry; then its end */
	if (!r)
		r = exec_to_syscall(e);
	delist(e, &e->sup->followed);
	return r == EXEC_DONE;
}

/* From the answer on: the exec is done, or has failed, or the caller is gone. */
static void follow(struct exec *e)
{
	bool astray = !e->own;
	long sig = 0;
	int status;

	if (astray)
		enlist(e, &e->sup->astray);
	status = exec_wait(&e->pid);
	if (astray)
		delist(e, &e->sup->astray);
	if (status < 0 || !WIFSTOPPED(status))
		return;
	if (status >> 16 == PTRACE_EVENT_EXEC && (e->own || !e->sup->s.notify.killable)) {
		image(e);
		return;
	}
	if (status >> 16 == PTRACE_EVENT_STOP && e->own && repeat(e)) {
		image(e);
		return;
	}
	if (!(status >> 16))
		sig = WSTOPSIG(status);
	if (ptrace(PTRACE_DETACH, e->pid, NULL, sig))
		await_end();
}

static enum unseen why_not(int error, pid_t tid)
{
	struct task_text status = { 0 };
	bool read = tid && !task_read(tid, "status", &status);
	bool traced = read && strtol(task_status_line(&status, "TracerPid"), NULL, 10) > 0;
	bool other = read && strtoul(task_status_line(&status, "Uid"), NULL, 10) != geteuid();

	free(status.buf);
	if (!tid)
		return UNSEEN_FOREIGN;
	if (traced)
		return UNSEEN_TRACED;
	if (error != EPERM)
		return UNSEEN_OTHER;
	return other ? UNSEEN_USER : UNSEEN_NOT_DUMPABLE;
}

/* Does the caller still wait for our answer? */
static bool is_asked(const struct supervisor *sup, uint64_t id)
{
	return !ioctl(sup->s.notify.listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id);
}

/* Is it traced by one of our threads?  /proc names the thread. */
static bool is_ours(pid_t tid)
{
	struct task_text status = { 0 };
	long tracer = task_read(tid, "status", &status)
			      ? 0
			      : strtol(task_status_line(&status, "TracerPid"), NULL, 10);

	free(status.buf);
	return tracer > 0 && !syscall(SYS_tgkill, getpid(), tracer, 0);
}

static void let_go_image(struct exec *e)
{
	if (e->held)
		born_let_go(e->sup->born, &e->before.key, e->before.pid, false);
	e->held = false;
}

/* What is known of the exec that e attends to. */
static void hand_over(struct exec *e, struct exec *to)
{
	let_go_image(to);
	to->before = e->before;
	to->told = e->told;
	to->apart = e->apart;
	to->first = e->first;
	to->path = e->path;
	to->held = e->held;
	e->held = false;
}

/*
 * A thread of ours meant somebody who is gone, and holds who has that number now: our caller.  It cannot let go
 * of it before our answer, and attends to this exec instead of us.
 */
static bool is_taken_over(struct exec *e, uint64_t id)
{
	struct supervisor *sup = e->sup;
	struct exec *holder;
	bool taken;

	pthread_mutex_lock(&sup->lock);
	for (holder = sup->astray; holder; holder = holder->next)
		if (holder->before.tid == e->before.tid && !holder->own)
			break;
	if (holder)
		holder->own = !supervise_answer(sup, id, 0);
	/* It reads them behind the lock. */
	if (holder && holder->own)
		hand_over(e, holder);
	taken = holder && holder->own;
	pthread_mutex_unlock(&sup->lock);
	return taken;
}

/*
 * 0; or the errno that the caller is to get, or -1: let it go.  A thread of ours may still hold it: one that
 * lets go of it in a moment, or that meant somebody else (is_taken_over()).
 */
static int attach(struct exec *e, uint64_t id)
{
	struct supervisor *sup = e->sup;
	pid_t tid = e->before.tid;
	int error;

	for (;;) {
		error = !tid ? ESRCH : ptrace(PTRACE_SEIZE, tid, NULL, OPTIONS) ? errno : 0;
		if (!error)
			return 0;
		/* Asked behind the failure: who ends while it is attached to is gone by now. */
		if (!is_asked(sup, id))
			return -1;
		if (error != EPERM || !is_ours(tid))
			break;
		if (is_taken_over(e, id))
			return -1;
		usleep(RETRY_US);
	}
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
	let_go_image(e);
	if (e->pidfd >= 0)
		close(e->pidfd);
	if (e->mem >= 0)
		close(e->mem);
	free(e->auxv.buf);
	free(e->args.buf);
	free(e->env.buf);
	free(e->status.buf);
	free(e->argv);
	free(e->envp);
	free(e->fds);
	free(e->seal);
	free(e->kept);
	free(e->locks);
}

void exec_supervise(struct exec *e, struct supervisor *sup, const struct seccomp_notif *n,
		    const char *entry)
{
	int error;

	if (is_followed(sup, (pid_t)n->pid)) {
		supervise_answer(sup, n->id, 0);
		return;
	}
	memset(e, 0, offsetof(struct exec, buf));
	e->sup = sup;
	e->pidfd = e->mem = -1;
	e->before.entry = entry;
	e->told = n->data.args[5] == sup->s.cookies.gave && n->data.args[5];
	e->apart =
		n->data.args[5] == FDF_SEALS_APART && sup->s.settings->policy.verdict == FDF_REPORT;
	e->first = n->data.args[0];
	e->path = n->data.args[!strcmp(entry, "execve") ? 0 : 1];
	before_look(&e->before, sup, (pid_t)n->pid, true);
	e->held = e->before.known && born_hold(sup->born, &e->before.key);
	error = attach(e, n->id);
	if (error)
		supervise_answer(sup, n->id, error > 0 ? error : 0);
	else
		let_exec(e, n->id);
	release(e);
}
