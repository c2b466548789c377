/*
 * host_crowded: execs where the table is full, so that nobody can open the program to look at it.
 *
 *	host_crowded fail|exec|spawn TEMPLATE      of a directory that is made
 *
 * A second thread; the limit of open files is reached.  fail: programs that cannot run, one of them
 * a script that its descriptor names, which is close-on-exec, and one with a POSIX lock of the
 * caller's; prints how many errors are the right ones, how many flags are not what they were, if the
 * table is still shared and the lock held, and what there is to wait for.  exec, spawn: a script
 * through the highest number.
 */
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/syscall.h>

#include "tests/helpers/failures.h"
#include "tests/helpers/host/host.h"

#define PLACES 400

static char *args[] = { "x", NULL };
static short flags[PLACES];
static volatile int asked, other_sees;

static void *thread(void *unused)
{
	while (!asked)
		usleep(1000);
	other_sees = fcntl(PLACES - 2, F_GETFD) < 0;
	return unused;
}

static int is_locked(int fd)
{
	pid_t pid = fork();

	if (!pid) {
		struct flock l = { .l_type = F_WRLCK };

		_exit(fcntl(fd, F_GETLK, &l) == 0 && l.l_type != F_UNLCK);
	}
	return WEXITSTATUS(status_of(pid));
}

static int fails(int dirfd, const char *path, int error)
{
	errno = 0;
	syscall(SYS_execveat, dirfd, path, args, environ, *path ? 0 : AT_EMPTY_PATH);
	if (errno != error)
		printf("%s: %s\n", path, strerror(errno));
	return errno == error;
}

static int fail_all(int script, int locked)
{
	struct flock l = { .l_type = F_RDLCK };
	int right = 0;

	if (fcntl(locked, F_SETLK, &l))
		die("lock");
	right += fails(script, "", ENOENT);
	right += fails(AT_FDCWD, "./no_interpreter", ENOENT);
	right += fails(AT_FDCWD, "./no_loader", ENOENT);
	for (size_t i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		right += fails(AT_FDCWD, broken[i].path, broken[i].error);
	right += fails(AT_FDCWD, "/proc/self/fd/399", ENOEXEC);
	return right;
}

static void fill(void)
{
	int text = must_open("empty_text", O_RDONLY), fd = text;

	for (int i = 0; fd >= 0; i++)
		fd = fcntl(text, i % 3 ? F_DUPFD : F_DUPFD_CLOEXEC, 0);
	for (fd = 0; fd < PLACES; fd++)
		flags[fd] = (short)fcntl(fd, F_GETFD);
}

static void start(const char *how)
{
	char path[] = "/proc/self/fd/399";
	int script = must_open("runs", O_RDONLY);
	pid_t pid;

	fill();
	dup2(script, PLACES - 1);
	if (!strcmp(how, "exec"))
		execv(path, args);
	errno = posix_spawn(&pid, path, NULL, NULL, args, environ);
	if (errno)
		die(path);
	printf("child %d\n", status_of(pid));
}

int main(int argc, char **argv)
{
	struct rlimit r = { PLACES, PLACES };
	int changed = 0, right, locked, script;
	pthread_t t;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc != 3)
		return 125;
	if (!mkdtemp(argv[2]) || chdir(argv[2]))
		die(argv[2]);
	make_files();
	close(open("runs", O_WRONLY | O_CREAT, 0700));
	if (truncate("runs", 0) || setrlimit(RLIMIT_NOFILE, &r))
		die("setrlimit");
	script = must_open("runs", O_WRONLY);
	if (write(script, "#!/bin/sh\necho ran\n", 18) != 18)
		die("write");
	close(script);
	if (pthread_create(&t, NULL, thread, NULL))
		die("thread");
	if (strcmp(argv[1], "fail") != 0) {
		start(argv[1]);
		return 0;
	}
	locked = must_open("empty_text", O_RDONLY);
	script = must_open("runs", O_RDONLY | O_CLOEXEC);
	fill();
	right = fail_all(script, locked);
	for (int fd = 0; fd < PLACES; fd++)
		changed += fcntl(fd, F_GETFD) != flags[fd];
	printf("%d of 10 right, %d flags changed, %s, %s\n", right, changed,
	       is_locked(locked) ? "locked" : "the lock is gone",
	       waitpid(-1, NULL, __WALL) < 0 ? "nobody to wait for" : "a child is left");
	close(PLACES - 2);
	asked = 1;
	pthread_join(t, NULL);
	puts(other_sees ? "the same table" : "a table of its own");
	return 0;
}
