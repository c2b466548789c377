/*
 * events: run a program under ptrace, stop at its execs and those of its children, and do nothing: the
 * least that a supervisor without seccomp would cost.  events PROGRAM ARG...
 */
#include <errno.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#define OPTIONS                                                                                \
	(PTRACE_O_TRACEEXEC | PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | \
	 PTRACE_O_EXITKILL)

int main(int argc, char **argv)
{
	pid_t first = fork(), pid;
	int status = 0;

	if (first == 0) {
		raise(SIGSTOP);
		execv(argv[1], argv + 1);
		_exit(126);
	}
	waitpid(first, &status, WUNTRACED);
	if (argc < 2 || ptrace(PTRACE_SEIZE, first, NULL, OPTIONS))
		return 125;
	kill(first, SIGCONT);
	while ((pid = waitpid(-1, &status, __WALL)) > 0 || errno == EINTR) {
		long sig = 0;

		if (pid == first && !WIFSTOPPED(status))
			return WEXITSTATUS(status);
		if (!WIFSTOPPED(status))
			continue;
		if (!(status >> 16) && WSTOPSIG(status) != SIGTRAP)
			sig = WSTOPSIG(status);
		ptrace(PTRACE_CONT, pid, NULL, sig);
	}
	return 125;
}
