/*
 * host_namesake: a vfork child in a pid namespace of its own, with its parent's number.
 *
 *	host_namesake act|exec PROGRAM [ARG...]		as process 1 of a pid namespace, with privileges
 *
 * act: the child clears close-on-exec of a descriptor and ends; the parent, which leaks it, becomes
 * PROGRAM.  exec: the child becomes PROGRAM.
 */
#include <sched.h>

#include "tests/helpers/host/host.h"

int main(int argc, char **argv)
{
	int acts = argc > 2 && !strcmp(argv[1], "act");
	int status, fd = must_open("/etc/passwd", O_RDONLY);
	pid_t own = getpid(), pid;

	if (argc < 3 || own != 1)
		return 125;
	if (unshare(CLONE_NEWPID))
		cannot("have a pid namespace");
	pid = vfork();
	if (!pid && getpid() != own)
		_exit(125);
	if (!pid && acts)
		_exit(fcntl(fd, F_SETFD, 0) ? 126 : 0);
	if (pid) {
		status = status_of(pid);
		if (status || !acts)
			return status;
	}
	execv(argv[2], argv + 2);
	die("exec");
}
