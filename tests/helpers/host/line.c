/*
 * host_line: which process of a line is the one that an image's things are for.
 *
 *	host_line daemon          leaks 3, goes into the background and becomes its own image again
 *	host_line daemon N        the same, by N forks, one within the other
 *	host_line worker          goes into the background; a child of it becomes its own image
 *	host_line worker-twice    the same, by a child whose parent ends first
 *	host_line worker-spawn    the same, by posix_spawn()
 *	host_line worker-raw      the same, by a child of the system call, which no handler sees
 *	host_line namespace       a child with its parent's number, in a pid namespace below, does
 *	                          (as number 1: unshare -pf)
 *	host_line placed-twice FDLIST   a child puts /etc/passwd onto 9, forks and ends; the child of it
 *	                          execs FDLIST
 *	host_line wordexp FDLIST  by a word's command
 *
 * "3 there" or "3 gone" is what the image sees that it becomes.
 */
#include <sched.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <wordexp.h>

#include "tests/helpers/host/host.h"

static char *again[] = { "line", "again", NULL };

static void become(void)
{
	execv("/proc/self/exe", again);
	die("exec");
}

/* Ends the caller; on in a child, as soon as nobody waits for that. */
static void leave_to_a_child(void)
{
	pid_t parent = getpid(), pid = fork();

	if (pid < 0)
		die("fork");
	if (pid) { /* the runner ends the rest of a process group */
		while (getsid(pid) != pid)
			usleep(1000);
		_exit(0);
	}
	setsid();
	while (getppid() == parent)
		usleep(1000);
}

static void in_a_child(const char *how)
{
	pid_t pid;

	if (strstr(how, "spawn")) {
		if (posix_spawn(&pid, "/proc/self/exe", NULL, NULL, again, environ))
			die("posix_spawn");
	} else {
		pid = strstr(how, "raw") ? fork_by_syscall() : fork();
		if (!pid && strstr(how, "twice"))
			leave_to_a_child();
		if (!pid)
			become();
	}
	status_of(pid);
	if (strstr(how, "twice")) /* the background process stays while its grandchild execs */
		usleep(300000);
	_exit(0);
}

static void words(const char *fdlist)
{
	char command[4200];
	wordexp_t w;

	snprintf(command, sizeof command, "$(%s)", fdlist);
	if (wordexp(command, &w, 0))
		die("wordexp");
	for (size_t i = 0; i < w.we_wordc; i++)
		printf("%s%c", w.we_wordv[i], i + 1 < w.we_wordc ? ' ' : '\n');
	exit(0);
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";
	int fd;

	if (!strcmp(how, "again")) {
		printf("3 %s\n", fcntl(3, F_GETFD) < 0 ? "gone" : "there");
		return 0;
	}
	if (!strcmp(how, "wordexp") && argc > 2)
		words(argv[2]);
	if (!strcmp(how, "placed-twice") && argc > 2) {
		fd = must_open("/etc/passwd", O_RDONLY | O_CLOEXEC);
		if (!fork()) {
			dup2(fd, 9);
			leave_to_a_child();
			run(argv[2]);
		}
		wait(NULL); /* the runner ends the rest of our process group */
		return 0;
	}
	if (open("/etc/passwd", O_RDONLY) != 3)
		return 125;
	if (!strcmp(how, "namespace")) {
		if (unshare(CLONE_NEWPID))
			cannot("have a namespace below");
	} else {
		leave_to_a_child();
	}
	if (!strcmp(how, "daemon")) {
		for (int i = argc > 2 ? atoi(argv[2]) : 1; i > 1; i--)
			leave_to_a_child();
		become();
	}
	in_a_child(how);
}
