/*
 * host_acts: an act of a vfork child belongs to that child.
 *
 *	host_acts vfork|forked FDLIST    a vfork child of this process, or of a forked one, clears
 *	                                 close-on-exec of a descriptor; then this process execs
 *FDLIST host_acts recycled FDLIST        so does a vfork child; another child, to which the kernel
 *	                                 gave the same number later, execs FDLIST (needs a pid
 *	                                 namespace of its own)
 *
 * The descriptor of this process is a leak: FDLIST must not see it.
 */
#include "host.h"

static char *child_argv[] = { "true", NULL };

static pid_t act_in_a_vfork_child(int fd)
{
	pid_t pid = vfork();

	if (!pid) {
		fcntl(fd, F_SETFD, 0);
		execve("/bin/true", child_argv, environ);
		_exit(1);
	}
	if (status_of(pid))
		die("/bin/true");
	return pid;
}

/* The number of a vfork child that runs fdlist if that is first. */
static pid_t another(pid_t first, const char *fdlist)
{
	pid_t pid = vfork();

	if (!pid && getpid() == first)
		run(fdlist);
	if (!pid)
		_exit(0);
	status_of(pid);
	return pid;
}

static void next_pid_is(int pid)
{
	int fd = open("/proc/sys/kernel/ns_last_pid", O_WRONLY | O_CLOEXEC);

	if (fd < 0 || dprintf(fd, "%d", pid - 1) < 0)
		cannot("choose a process number");
	close(fd);
}

static int recycled(const char *fdlist)
{
	int fd = must_open("/etc/group", O_RDONLY | O_CLOEXEC), i;
	pid_t first = act_in_a_vfork_child(fd);

	close(fd);
	must_open("/etc/passwd", O_RDONLY); /* a leak, with the same number */
	for (i = 0; i < 200; i++) {
		next_pid_is(first);
		if (another(first, fdlist) == first) {
			printf("recycled\n");
			return 0;
		}
	}
	printf("cannot get the same number twice here\n");
	return 77;
}

int main(int argc, char **argv)
{
	pid_t pid;
	int fd;

	if (argc != 3)
		return 125;
	if (!strcmp(argv[1], "recycled"))
		return recycled(argv[2]);
	fd = must_open("/etc/passwd", O_RDONLY);
	if (!strcmp(argv[1], "forked")) {
		pid = fork();
		if (pid)
			return status_of(pid) != 0;
	}
	act_in_a_vfork_child(fd);
	run(argv[2]);
}
