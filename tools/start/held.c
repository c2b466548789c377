/*
 * held.c: starts CMD so that its first exec is already watched.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "tools/base/base.h"
#include "tools/start/held.h"

pid_t trace_cmd_start(char **cmd, int *go)
{
	int pipefd[2];
	char c;
	pid_t pid;

	if (pipe2(pipefd, O_CLOEXEC)) {
		say("trace: cannot start %s: %s", cmd[0], strerror(errno));
		return -1;
	}
	pid = fork();
	if (pid) {
		close(pipefd[0]);
		*go = pipefd[1];
		if (pid < 0)
			say("trace: cannot start %s: %s", cmd[0], strerror(errno));
		return pid;
	}
	close(pipefd[1]);
	if (read(pipefd[0], &c, 1) != 1)
		_exit(EXIT_OWN); /* the tracer gave up */
	execvp(cmd[0], cmd);
	say("%s: %s", cmd[0], strerror(errno));
	_exit(errno == ENOENT ? EXIT_NOTFOUND : EXIT_NOEXEC);
}
