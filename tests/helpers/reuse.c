/*
 * reuse: descriptor 3 was given to this program; what becomes of the number, and what a child gets.
 *
 *	reuse HOW COMMAND ARG...
 *
 * none: nothing.  close, close_range, closefrom, dup2, fclose, syscall_...: 3 is closed so, and the
 * same file is opened anew as 3.  dup, F_DUPFD, dup2_away: it is moved to 7 so; F_DUPFD=N: to N.
 * restored_...: it is copied so, close-on-exec, another file takes 3, and 3 is put back.
 * vfork: a vfork child closes it; thread: a thread with a table of its own does;
 * thread_dup: it moves 3 to 4 there, and 4 becomes another file.  stale: it is moved
 * to 4, and libc puts another file there by itself.
 * Then COMMAND runs in a child.  Exits as it did.
 *
 * vfork_restored_..., vfork_F_DUPFD, vfork_eventfd, vfork_stale: a vfork child does as above, moves 3 to 7, or closes it and makes a
 * timerfd (give it an eventfd), or moves it to 4 and has libc put another file there; the child runs COMMAND.
 */
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void closes(const char *how, int other)
{
	if (!strcmp(how, "close"))
		close(3);
	else if (!strcmp(how, "close_range"))
		close_range(3, 3, 0);
	else if (!strcmp(how, "closefrom"))
		closefrom(3);
	else if (!strcmp(how, "dup2"))
		dup2(other, 3);
	else if (!strcmp(how, "syscall_close"))
		syscall(SYS_close, 3);
	else if (!strcmp(how, "syscall_close_range"))
		syscall(SYS_close_range, 3, 3, 0);
	else if (!strcmp(how, "syscall_dup2"))
#ifdef SYS_dup2
		syscall(SYS_dup2, other, 3);
#else
		syscall(SYS_dup3, other, 3, 0);
#endif
	else if (!strcmp(how, "syscall_dup3"))
		syscall(SYS_dup3, other, 3, 0);
	else if (!strcmp(how, "fclose"))
		fclose(fdopen(3, "r"));
}

/* To 7, by dup() too. */
static void moves(const char *how)
{
	if (!strcmp(how, "F_DUPFD"))
		fcntl(3, F_DUPFD, 7);
	else if (!strncmp(how, "F_DUPFD=", 8))
		fcntl(3, F_DUPFD, atoi(how + 8));
	else if (!strcmp(how, "syscall_F_DUPFD"))
		syscall(SYS_fcntl, 3, F_DUPFD, 7);
	else if (!strcmp(how, "syscall_dup") && syscall(SYS_dup, 3) == 4 &&
		 fcntl(3, F_DUPFD_CLOEXEC, 5) == 5 && fcntl(3, F_DUPFD_CLOEXEC, 6) == 6 &&
		 syscall(SYS_dup, 3) == 7)
		close(4);
	else if (!strcmp(how, "dup2_away"))
		dup2(3, 7);
	else if (dup(3) == 4 && dup(3) == 5 && dup(3) == 6 && dup(3) == 7)
		close_range(4, 6, 0);
	close(3);
}

/* As a shell does for a redirection, or os.dup() of Python. */
static void restores(const char *how)
{
	int other = open("/etc/group", O_RDONLY | O_CLOEXEC), saved;

	if (!strcmp(how, "restored_dup3"))
		saved = dup3(3, 9, O_CLOEXEC);
	else if (!strcmp(how, "restored_syscall_dup3"))
		saved = (int)syscall(SYS_dup3, 3, 9, O_CLOEXEC);
	else if (!strcmp(how, "restored_syscall_F_DUPFD_CLOEXEC"))
		saved = (int)syscall(SYS_fcntl, 3, F_DUPFD_CLOEXEC, 9);
	else
		saved = fcntl(3, F_DUPFD_CLOEXEC, 9);
	dup2(other, 3);
	dup2(saved, 3);
	close(saved);
}

static void goes_stale(int fd)
{
	if (!freopen("/etc/group", "r", fdopen(fd, "r")))
		_exit(125);
}

static void *closes_for_itself(void *arg)
{
	if (unshare(CLONE_FILES) == 0)
		close(3);
	return arg;
}

static void *moves_for_itself(void *arg)
{
	if (unshare(CLONE_FILES) == 0)
		dup(3);
	return arg;
}

static void in_vfork_child(const char *how)
{
	if (!strcmp(how, "vfork_F_DUPFD")) {
		fcntl(3, F_DUPFD, 7);
		close(3);
	} else if (!strncmp(how, "vfork_restored_", 15)) {
		restores(how + strlen("vfork_"));
	} else if (!strcmp(how, "vfork_stale")) {
		goes_stale(dup(3));
		close(3);
	} else {
		close(3);
		timerfd_create(CLOCK_REALTIME, 0);
	}
}

int main(int argc, char **argv)
{
	const char *how = argc > 2 ? argv[1] : "";
	int other, status;
	pthread_t thread;
	char path[4096];
	ssize_t n;
	pid_t pid;

	n = readlink("/proc/self/fd/3", path, sizeof(path) - 1);
	if (n < 0)
		return 125;
	path[n] = 0;
	if (!strcmp(how, "vfork")) {
		pid = vfork();
		if (!pid) {
			close(3);
			_exit(0);
		}
		waitpid(pid, &status, 0);
	} else if (!strncmp(how, "vfork_", 6)) {
		pid = vfork();
		if (!pid) {
			in_vfork_child(how);
			execv(argv[2], argv + 2);
			_exit(127);
		}
		waitpid(pid, &status, 0);
		return WEXITSTATUS(status);
	} else if (!strcmp(how, "thread")) {
		if (pthread_create(&thread, NULL, closes_for_itself, NULL))
			return 125;
		pthread_join(thread, NULL);
	} else if (!strcmp(how, "thread_dup")) {
		if (pthread_create(&thread, NULL, moves_for_itself, NULL))
			return 125;
		pthread_join(thread, NULL);
		open("/etc/group", O_RDONLY);
	} else if (!strcmp(how, "stale")) {
		goes_stale(dup(3));
		close(3);
	} else if (!strncmp(how, "restored_", 9)) {
		restores(how);
	} else if (!strcmp(how, "dup2_away") || strstr(how, "F_DUPFD") || !strcmp(how, "dup") ||
		   !strcmp(how, "syscall_dup")) {
		moves(how);
	} else if (strcmp(how, "none")) {
		other = open(path, O_RDONLY | O_CLOEXEC);
		closes(how, other);
		if (!strstr(how, "dup") && open(path, O_RDONLY) != 3)
			return 125;
	}
	pid = fork();
	if (!pid) {
		execv(argv[2], argv + 2);
		_exit(127);
	}
	waitpid(pid, &status, 0);
	return WEXITSTATUS(status);
}
