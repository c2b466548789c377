/*
 * host_acts: whose acts count, and what they cost.
 *
 *	host_acts vfork|clone|forked|raw-forked FDLIST
 *		a child that shares this process's memory (that of a child that fork() or the system
 *		call made, which execs then) clears
 *		close-on-exec of a descriptor; then this process execs FDLIST
 *	host_acts recycled FDLIST
 *		so does a vfork child; another child, to which the kernel gave the same number
 *		later, execs FDLIST (needs a pid namespace of its own)
 *	host_acts placed-fork|placed-_Fork|placed-syscall|placed-vfork FDLIST
 *		a child made in that way puts /etc/passwd onto 9 and execs FDLIST, which sees it
 *	host_acts before-fork|before-_Fork|before-syscall|before-vfork FDLIST
 *		the same, but it is the parent that puts it there
 *	host_acts both-fork|both-_Fork|both-syscall|both-vfork FDLIST
 *		the parent puts it onto 9, the child onto 10: FDLIST sees 10 alone
 *	host_acts parent FDLIST
 *		this process puts it onto 9 and execs FDLIST
 *	host_acts gone-close|gone-close_range|gone-closefrom|gone-fclose|gone-dup2|gone-dup3 FDLIST
 *		this process clears close-on-exec of a descriptor, which goes in that way, and its
 *		number is another's, which is a leak; then it execs FDLIST
 *	host_acts meant-F_SETFD|meant-FIONCLEX FDLIST
 *		this process clears close-on-exec of a descriptor by syscall(), and execs FDLIST,
 *		which sees it
 *	host_acts undone-F_SETFD|undone-FIOCLEX FDLIST
 *		it clears close-on-exec, sets it by syscall(), and it is cleared unseen
 *	host_acts reopened FDLIST
 *		this process clears close-on-exec of a descriptor; a vfork child closes it, opens
 *		another with the same number and execs FDLIST
 *	host_acts cost
 *		acts of each kind between two calls of getppid(), after a vfork and a first dup2
 *
 * Where nothing else is said, the descriptor is a leak: FDLIST must not see it.
 */
#include <dlfcn.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

#include "tests/helpers/host/host.h"

static char *child_argv[] = { "true", NULL };

static int act(void *arg)
{
	fcntl(*(int *)arg, F_SETFD, 0);
	execve("/bin/true", child_argv, environ);
	_exit(1);
}

static pid_t act_in_a_child(const char *how, int fd)
{
	static char stack[65536] __attribute__((aligned(16)));
	pid_t pid;

	if (!strcmp(how, "clone")) {
		pid = clone(act, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, &fd);
	} else {
		pid = vfork();
		if (!pid)
			act(&fd);
	}
	if (pid < 0 || status_of(pid))
		die("/bin/true");
	return pid;
}

static void onto(int fd, int number)
{
	if (number && dup2(fd, number) != number)
		die("dup2");
}

/* The number that the parent uses, and that of the child; 0: none. */
static int placed(const char *how, int before, int after, const char *fdlist)
{
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	pid_t (*raw)(void) = (pid_t(*)(void))dlsym(RTLD_DEFAULT, "_Fork");
	pid_t pid;

	onto(fd, before);
	if (!strcmp(how, "_Fork") && !raw)
		cannot("find _Fork()");
	if (!strcmp(how, "vfork"))
		pid = vfork();
	else
		pid = !strcmp(how, "fork")    ? fork()
		      : !strcmp(how, "_Fork") ? raw()
					      : fork_by_syscall();
	if (!pid) {
		onto(fd, after);
		run(fdlist);
	}
	return pid < 0 || status_of(pid);
}

static void gone(const char *how, const char *fdlist)
{
	int other = fcntl(must_open("/etc/passwd", O_RDONLY | O_CLOEXEC), F_DUPFD_CLOEXEC, 20);
	int fd = 3;

	close(fd);
	if (other < 0 || must_open("/etc/group", O_RDONLY | O_CLOEXEC) != fd)
		die("3");
	fcntl(fd, F_SETFD, 0);
	if (!strcmp(how, "dup2"))
		dup2(other, fd);
	else if (!strcmp(how, "dup3"))
		dup3(other, fd, 0);
	else if (!strcmp(how, "close"))
		close(fd);
	else if (!strcmp(how, "close_range"))
		close_range((unsigned)fd, (unsigned)fd, 0);
	else if (!strcmp(how, "closefrom"))
		closefrom(fd);
	else
		fclose(fdopen(fd, "r"));
	if (fcntl(fd, F_GETFD) < 0)
		must_open("/etc/passwd", O_RDONLY);
	run(fdlist);
}

static void meant(const char *how, const char *fdlist)
{
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
	long r;

	/* what is not of interest goes the same way */
	if (syscall(SYS_fcntl, fd, F_GETFL) < 0 || syscall(SYS_ioctl, fd, FIONREAD, &r) < 0 ||
	    syscall(SYS_fcntl, -1, F_GETFL) != -1 || errno != EBADF)
		die("syscall");
	if (!strcmp(how, "F_SETFD"))
		r = syscall(SYS_fcntl, fd, F_SETFD, 0);
	else
		r = syscall(SYS_ioctl, fd, FIONCLEX);
	if (r)
		die(how);
	run(fdlist);
}

/* Past the hooks. */
static void clear_unseen(int fd)
{
	void *libc = dlopen("libc.so.6", RTLD_LAZY);
	int (*unseen)(int, int, ...) = libc ? (int (*)(int, int, ...))dlsym(libc, "fcntl") : NULL;

	if (!unseen || unseen(fd, F_SETFD, 0))
		die("fcntl");
}

static void undone(const char *how, const char *fdlist)
{
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);

	fcntl(fd, F_SETFD, 0);
	if (!strcmp(how, "F_SETFD"))
		syscall(SYS_fcntl, fd, F_SETFD, FD_CLOEXEC);
	else
		syscall(SYS_ioctl, fd, FIOCLEX);
	clear_unseen(fd);
	run(fdlist);
}

static int reopened(const char *fdlist)
{
	int fd = must_open("/etc/group", O_RDONLY | O_CLOEXEC);
	pid_t pid;

	fcntl(fd, F_SETFD, 0);
	pid = vfork();
	if (!pid) {
		close(fd);
		if (open("/etc/passwd", O_RDONLY) != fd)
			_exit(125);
		run(fdlist);
	}
	return pid < 0 || status_of(pid);
}

static int cost(void)
{
	int fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC), on = 1;

	if (status_of(vfork_exec("/bin/true", child_argv, environ)))
		die("/bin/true");
	onto(fd, 9); /* the first one asks for the process's number */
	getppid();
	fcntl(fd, F_SETFD, 0);
	ioctl(fd, FIONCLEX, &on);
	dup2(fd, 9);
	dup3(fd, 10, 0);
	fcntl(9, F_GETFD);
	close(9);
	close_range(10, 10, 0);
	getppid();
	return 0;
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
	pid_t first = act_in_a_child("vfork", fd);

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

	if (argc == 2 && !strcmp(argv[1], "cost"))
		return cost();
	if (argc != 3)
		return 125;
	if (!strncmp(argv[1], "placed-", 7))
		return placed(argv[1] + 7, 0, 9, argv[2]);
	if (!strncmp(argv[1], "before-", 7))
		return placed(argv[1] + 7, 9, 0, argv[2]);
	if (!strncmp(argv[1], "both-", 5))
		return placed(argv[1] + 5, 9, 10, argv[2]);
	if (!strcmp(argv[1], "parent")) {
		onto(must_open("/etc/passwd", O_RDONLY | O_CLOEXEC), 9);
		run(argv[2]);
	}
	if (!strncmp(argv[1], "gone-", 5))
		gone(argv[1] + 5, argv[2]);
	if (!strncmp(argv[1], "meant-", 6))
		meant(argv[1] + 6, argv[2]);
	if (!strncmp(argv[1], "undone-", 7))
		undone(argv[1] + 7, argv[2]);
	if (!strcmp(argv[1], "reopened"))
		return reopened(argv[2]);
	if (!strcmp(argv[1], "recycled"))
		return recycled(argv[2]);
	fd = must_open("/etc/passwd", O_RDONLY);
	if (strstr(argv[1], "orked")) {
		pid = strcmp(argv[1], "forked") ? fork_by_syscall() : fork();
		if (pid)
			return status_of(pid) != 0;
	}
	act_in_a_child(argv[1], fd);
	run(argv[2]);
}
