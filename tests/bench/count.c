/*
 * count.c: what a program does in user mode, instruction by instruction, and how often it enters
 * the kernel.  These repeat on any machine, where times do not.
 *
 * The program and all its children are traced; one pass steps, one stops at system calls.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/driver.h"

#define FOLLOW                                                                                    \
	(PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | \
	 PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL)

static pid_t begin(char *const *argv, char *const *env, bool trace)
{
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid == 0) {
		if (trace && ptrace(PTRACE_TRACEME, 0, 0, 0) < 0)
			die("ptrace");
		execve(argv[0], argv, env);
		die(argv[0]);
	}
	return pid;
}

/* Stops at system calls come in pairs but for the exits: count those that enter. */
static bool enters(pid_t pid)
{
	struct __ptrace_syscall_info info;

	return ptrace(PTRACE_GET_SYSCALL_INFO, pid, sizeof info, &info) > 0 &&
	       info.op == PTRACE_SYSCALL_INFO_ENTRY;
}

/*
 * Of argv and all its children: from its exec to the end, or with `between` from the first time
 * that it stops itself to the second.
 */
static long traced(char *const *argv, char *const *env, bool step, bool between)
{
	pid_t first = begin(argv, env, true), pid;
	bool on = !between;
	long n = 0;
	int status;

	if (waitpid(first, &status, 0) != first || !WIFSTOPPED(status) ||
	    ptrace(PTRACE_SETOPTIONS, first, 0, FOLLOW) < 0)
		die("ptrace");
	for (pid = first; pid > 0; pid = waitpid(-1, &status, __WALL)) {
		int sig = 0;

		if (!WIFSTOPPED(status))
			continue;
		sig = WSTOPSIG(status);
		if (sig == SIGSTOP && pid == first && between)
			on = !on;
		else if (sig == (SIGTRAP | 0x80))
			n += on && !step && enters(pid);
		else if (sig == SIGTRAP)
			n += on && step && !(status >> 16);
		if ((sig & 0x7f) == SIGTRAP || sig == SIGSTOP)
			sig = 0; /* the tracer's own, or a new child's first */
		ptrace(!on    ? PTRACE_CONT
		       : step ? PTRACE_SINGLESTEP
			      : PTRACE_SYSCALL,
		       pid, 0, (long)sig);
	}
	return n;
}

static void environment(char **env, char *text, size_t size, enum peer p)
{
	const char *file = preload_of(p);

	env[0] = "PATH=/usr/bin:/bin";
	env[1] = NULL;
	if (file) {
		snprintf(text, size, "LD_PRELOAD=%s", file);
		env[1] = text;
		env[2] = NULL;
	}
}

/* The least of many: the number depends on what is in the page cache and where. */
static long faults(char *const *argv, char *const *env)
{
	long least = 1L << 30;

	for (int i = 0; i < 15; i++) {
		struct rusage r;
		pid_t pid = begin(argv, env, false);

		if (wait4(pid, NULL, 0, &r) != pid)
			die("wait4");
		if (r.ru_minflt < least)
			least = r.ru_minflt;
	}
	return least;
}

struct counts count_start(enum peer p)
{
	char text[4200], *env[3], *argv[] = { "/bin/true", NULL };

	environment(env, text, sizeof text, p);
	return (struct counts){ traced(argv, env, true, false), traced(argv, env, false, false),
				faults(argv, env) };
}

struct counts count_work(enum peer p, enum work work)
{
	char text[4200], self[4200], name[16], *env[3], *argv[] = { self, "once", name, NULL };
	struct counts least = { 1L << 60, 1L << 60, -1 };

	environment(env, text, sizeof text, p);
	strcpy(self, beside("bench"));
	snprintf(name, sizeof name, "%d", (int)work);
	for (int i = 0; i < 3; i++) { /* stops of the children interrupt the parent's calls */
		long steps = traced(argv, env, true, true), calls = traced(argv, env, false, true);

		least.instructions = steps < least.instructions ? steps : least.instructions;
		least.calls = calls < least.calls ? calls : least.calls;
	}
	return least;
}
