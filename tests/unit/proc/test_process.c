/*
 * A child that is held: what is sent to it reaches it or nobody, also when its
 * number is another process's by then.
 */
#include <criterion/criterion.h>
#include <errno.h>
#include <linux/sched.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/helpers/surround.h"
#include "tools/base/base.h"
#include "tools/proc/process.h"

static pid_t child(void)
{
	pid_t pid = fork();

	if (pid == 0)
		for (;;)
			pause();
	cr_assert_gt(pid, 0);
	return pid;
}

static struct process ended(int status)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(status);
	return process_hold(pid);
}

/* A child with that number, since Linux 5.5; -1: not here. */
static pid_t child_numbered(pid_t number)
{
	pid_t set_tid[] = { number };
	struct clone_args args = { .exit_signal = SIGCHLD,
				   .set_tid = (uint64_t)(uintptr_t)set_tid,
				   .set_tid_size = 1 };
	pid_t pid = (pid_t)syscall(SYS_clone3, &args, sizeof(args));

	if (pid == 0)
		for (;;)
			pause();
	return pid;
}

Test(process, status_of_one_that_exits)
{
	struct process p = ended(7);
	int status = 0;

	cr_assert(process_reap(&p, true, &status));
	cr_assert_eq(status, 7);
	cr_assert_eq(p.pid, 0);
	cr_assert_eq(p.fd, -1);
	cr_assert_eq(waitpid(-1, NULL, 0), -1);
	cr_assert_eq(errno, ECHILD);
}

Test(process, status_of_one_that_a_signal_ends)
{
	struct process p = process_hold(child());
	int status = 0;

	cr_assert_not(process_reap(&p, false, &status));
	process_signal(&p, SIGTERM);
	cr_assert(process_reap(&p, true, &status));
	cr_assert_eq(status, EXIT_BY_SIGNAL + 128 + SIGTERM);
}

Test(process, can_be_held_when_it_has_ended)
{
	pid_t pid = fork();
	siginfo_t info;
	struct process p;
	int status = 0;

	if (pid == 0)
		_exit(9);
	cr_assert_eq(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	p = process_hold(pid);
	cr_assert(process_reap(&p, false, &status));
	cr_assert_eq(status, 9);
}

/* In both of its holds: the one that reaped it, and one that does not know yet. */
Test(process, a_signal_does_not_reach_who_has_its_number)
{
	struct process p = ended(0), other = process_share(&p);
	pid_t pid = p.pid, again;
	int status;

	if (other.fd < 0)
		cr_skip_test("no pidfds here");
	cr_assert(process_reap(&p, true, NULL));
	again = child_numbered(pid);
	if (again < 0)
		cr_skip_test("cannot choose a number: %s", strerror(errno));
	cr_assert_eq(again, pid);
	process_signal(&p, SIGKILL);
	process_signal(&other, SIGKILL);
	kill(again, SIGTERM); /* is what ends it, if nothing else came before */
	cr_assert_eq(waitpid(again, &status, 0), again);
	cr_assert(WIFSIGNALED(status));
	cr_assert_eq(WTERMSIG(status), SIGTERM);
	process_drop(&other);
}

/* By its number: what would take a pidfd's place is never sent to a number that is free. */
Test(process, without_a_pidfd_a_signal_ends_with_the_process)
{
	struct process p = { .pid = child(), .fd = -1 };
	pid_t pid = p.pid, again;
	int status = 0;

	process_signal(&p, SIGTERM);
	cr_assert(process_reap(&p, true, &status));
	cr_assert_eq(status, EXIT_BY_SIGNAL + 128 + SIGTERM);
	again = child_numbered(pid);
	if (again < 0)
		cr_skip_test("cannot choose a number: %s", strerror(errno));
	process_signal(&p, SIGKILL);
	kill(again, SIGTERM);
	cr_assert_eq(waitpid(again, &status, 0), again);
	cr_assert_eq(WTERMSIG(status), SIGTERM);
}

/* Whoever waits for all children reaps it too: its status is still told, once, and to nobody else. */
Test(process, status_of_one_that_was_reaped_with_others)
{
	struct process p = ended(7);
	int status = 0;

	cr_assert_eq(process_wait(-1, &status, 0), p.pid);
	process_reaped(&p, status);
	cr_assert_eq(p.pid, 0);
	cr_assert_eq(p.fd, -1);
	status = 0;
	cr_assert(process_reap(&p, true, &status));
	cr_assert_eq(status, 7);
	cr_assert_not(process_reap(&p, true, &status));
}

static const int endings[] = { 0, 7, 255, -SIGTERM, -SIGKILL, -SIGSEGV };
#define ENDINGS (sizeof(endings) / sizeof(*endings))

/* As exit(3) or a signal ends them; then one that stops at an exec, for its tracer. */
static void statuses(int status[ENDINGS + 1])
{
	pid_t pid;

	for (size_t i = 0; i < ENDINGS + 1; i++) {
		pid = fork();
		if (pid == 0 && i == ENDINGS) {
			raise(SIGSTOP);
			execl("/bin/true", "true", (char *)NULL);
		} else if (pid == 0) {
			signal(SIGSEGV, SIG_DFL);
			raise(endings[i] < 0 ? -endings[i] : 0);
			_exit(endings[i]);
		}
		if (i == ENDINGS) {
			cr_assert_eq(ptrace(PTRACE_SEIZE, pid, NULL, PTRACE_O_TRACEEXEC), 0);
			while (process_wait(pid, &status[i], __WALL) == pid &&
			       WIFSTOPPED(status[i]) && status[i] >> 16 != PTRACE_EVENT_EXEC)
				ptrace(PTRACE_CONT, pid, NULL, 0);
			kill(pid, SIGKILL);
			waitid(P_PID, (id_t)pid, &(siginfo_t){ 0 }, WEXITED);
		} else {
			cr_assert_eq(process_wait(pid, &status[i], 0), pid);
		}
	}
}

Test(process, a_status_is_the_same_where_wait4_is_denied)
{
	int plain[ENDINGS + 1], denied[ENDINGS + 1];

	statuses(plain);
	cr_assert_eq(plain[1], 7 << 8);
	cr_assert_eq(plain[ENDINGS] >> 8, SIGTRAP | PTRACE_EVENT_EXEC << 8);
	surround((char *[]){ "deny=wait4:EPERM", NULL });
	statuses(denied);
	cr_assert_arr_eq(denied, plain, sizeof(plain));
}
