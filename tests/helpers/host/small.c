/*
 * host_small: starts FDLIST on a stack of 8 KiB, with nothing readable below it.
 *
 *	host_small context|signal execve|spawn|popen|system COUNT FDLIST
 *
 * context: a coroutine's stack (makecontext).  signal: the alternate stack of a signal handler.
 * COUNT descriptors are leaked; the first of them is /etc/passwd.  Exits as FDLIST does; with 126
 * if that ended otherwise: a child that overran the stack.
 */
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>

#include "tests/helpers/host/host.h"

#define SIZE 8192

static ucontext_t home, away;
static const char *way, *fdlist;
static int status = -1;

static void start(void)
{
	char *argv[] = { (char *)fdlist, NULL };
	pid_t pid;

	if (!strcmp(way, "execve")) {
		execve(fdlist, argv, environ);
		_exit(125);
	}
	if (!strcmp(way, "spawn") && !posix_spawn(&pid, fdlist, NULL, NULL, argv, environ))
		waitpid(pid, &status, 0);
	if (!strcmp(way, "system"))
		status = system("exec \"$FDLIST\"");
	if (!strcmp(way, "popen"))
		status = pclose(popen("exec \"$FDLIST\" >&2", "r"));
}

static int outcome(void)
{
	return WIFEXITED(status) ? WEXITSTATUS(status) : 126;
}

static void handler(int sig)
{
	(void)sig;
	start();
}

int main(int argc, char **argv)
{
	struct sigaction sa = { .sa_handler = handler, .sa_flags = SA_ONSTACK };
	char *room = mmap(NULL, SIZE + 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	stack_t alternate = { .ss_sp = room + 4096, .ss_size = SIZE };

	if (argc != 5 || room == MAP_FAILED || mprotect(room + 4096, SIZE, PROT_READ | PROT_WRITE))
		return 125;
	way = argv[2];
	fdlist = argv[4];
	setenv("FDLIST", fdlist, 1);
	for (int i = atoi(argv[3]); i > 0; i--)
		leak_at(3);
	if (!strcmp(argv[1], "signal")) {
		if (sigaltstack(&alternate, NULL) || sigaction(SIGUSR1, &sa, NULL))
			die("sigaltstack");
		raise(SIGUSR1);
		return outcome();
	}
	getcontext(&away);
	away.uc_stack = alternate;
	away.uc_link = &home;
	makecontext(&away, start, 0);
	return swapcontext(&home, &away) ? 125 : outcome();
}
