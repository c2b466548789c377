/*
 * ways: start a program in one of many ways, with five descriptors that nobody meant.
 *
 *	ways WAY PROGRAM ARG...
 *
 *	execve execveat fexecve      by this process itself
 *	fexecve_script               ... by a descriptor that stays open for the interpreter
 *	below                        ... in a directory, by a descriptor of that
 *	fork vfork spawn             by a child, which is awaited
 *	thread                       by a thread that is not the first, while three others open
 *	race                         by three threads at once
 *	ended                        by a thread when the first has ended, and descriptor 9 was meant by an act
 *	failed                       an exec that fails: prints what became of the five
 *	sharer                       as execve, while a process that shares the table looks on
 *	unshared                     by a thread with a table of its own
 *	daemon                       by a grandchild in a session of its own, a moment after our end
 *	placed cleared fionclex      as fork, and descriptor 9 was meant by an act
 *	parent                       as fork, and descriptor 9 was put there in the parent: no act
 *	many                         as execve, with 2,000 descriptors
 *	nodump                       as execve, by a process that is not dumpable
 *
 * PROGRAM is a path, and is asked for by the system call itself.  Exits as PROGRAM does.  Also
 * built static, with musl and as i386.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define LEAKS 5
#define MANY  2000
#define MEANT 9 /* the number of what was meant */

static char **command;
static int leaked[MANY];
extern char **environ;

static void leak(int n)
{
	for (int i = 0; i < n; i++)
		leaked[i] = open("/etc/passwd", O_RDONLY);
}

static int raw_exec(void)
{
	syscall(SYS_execve, command[0], command, environ);
	return 126;
}

static int by_execveat(void)
{
	syscall(SYS_execveat, AT_FDCWD, command[0], command, environ, 0);
	return 126;
}

static int by_fexecve(void)
{
	int fd = open(command[0], O_PATH | O_CLOEXEC);

	syscall(SYS_execveat, fd, "", command, environ, AT_EMPTY_PATH);
	return 126;
}

static int by_script(void)
{
	int fd = open(command[0], O_RDONLY);

	syscall(SYS_execveat, fd, "", command, environ, AT_EMPTY_PATH);
	return 126;
}

static int below(void)
{
	char *name = strrchr(command[0], '/');
	int fd;

	*name = '\0';
	fd = open(command[0], O_RDONLY | O_DIRECTORY);
	syscall(SYS_execveat, fd, name + 1, command, environ, 0);
	return 126;
}

static int status_of(pid_t pid)
{
	int status = 0;

	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		return 125;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

static int by_fork(void)
{
	pid_t pid = fork();

	if (!pid)
		_exit(raw_exec());
	return status_of(pid);
}

static int by_vfork(void)
{
	pid_t pid = vfork();

	if (!pid) {
		syscall(SYS_execve, command[0], command, environ);
		_exit(126);
	}
	return status_of(pid);
}

static int by_spawn(void)
{
	pid_t pid;

	if (posix_spawn(&pid, command[0], NULL, NULL, command, environ))
		return 126;
	return status_of(pid);
}

static void *open_on(void *unused)
{
	for (;;)
		close(dup(leaked[0])), dup(leaked[0]);
	return unused;
}

static void *exec_on(void *unused)
{
	usleep(2000);
	_exit(raw_exec());
	return unused;
}

static int by_thread(void)
{
	pthread_t t;

	for (int i = 0; i < 3; i++)
		pthread_create(&t, NULL, open_on, NULL);
	pthread_create(&t, NULL, exec_on, NULL);
	pthread_join(t, NULL);
	return 125;
}

static void *exec_behind(void *path)
{
	char state = 0;

	while (state != 'Z') {
		FILE *f = fopen(path, "re");

		if (!f || fscanf(f, "%*d %*s %c", &state) != 1)
			state = 0;
		if (f)
			fclose(f);
	}
	dup3(leaked[0], MEANT, O_CLOEXEC);
	fcntl(MEANT, F_SETFD, 0);
	raw_exec();
	_exit(126);
	return NULL;
}

static int ended(void)
{
	static char path[40];
	pthread_t t;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)getpid());
	if (!pthread_create(&t, NULL, exec_behind, path))
		syscall(SYS_exit, 0);
	return 125;
}

static void *exec_unshared(void *unused)
{
	syscall(SYS_unshare, CLONE_FILES);
	leak(LEAKS);
	_exit(raw_exec());
	return unused;
}

static void *exec_at_once(void *barrier)
{
	pthread_barrier_wait(barrier);
	raw_exec();
	return NULL;
}

static int race(void)
{
	pthread_barrier_t barrier;
	pthread_t t;

	pthread_barrier_init(&barrier, NULL, 3);
	pthread_create(&t, NULL, exec_at_once, &barrier);
	pthread_create(&t, NULL, exec_at_once, &barrier);
	exec_at_once(&barrier);
	pause(); /* one of the others is faster, and ends this thread */
	return 126;
}

static int unshared(void)
{
	pthread_t t;

	pthread_create(&t, NULL, exec_unshared, NULL);
	pthread_join(t, NULL);
	return 125;
}

/* "ENOENT 5 open 0 close-on-exec" */
static int failed(void)
{
	int is_open = 0, marked = 0, error;

	syscall(SYS_execve, "/no/such/program", command, environ);
	error = errno;
	for (int i = 0; i < LEAKS; i++) {
		int flags = fcntl(leaked[i], F_GETFD);

		is_open += flags >= 0;
		marked += flags > 0;
	}
	printf("%s %d open %d close-on-exec\n", error == ENOENT ? "ENOENT" : "another error",
	       is_open, marked);
	return 0;
}

static int look_on(void *unused)
{
	int is_open = 0, marked = 0;

	(void)unused;
	usleep(200000); /* long after the exec; were it too early, nothing would be wrong to be seen */
	for (int i = 0; i < LEAKS; i++) {
		int flags = fcntl(leaked[i], F_GETFD);

		is_open += flags >= 0;
		marked += flags > 0;
	}
	dprintf(1, "sharer: %d open %d close-on-exec\n", is_open, marked);
	return 0;
}

static int sharer(void)
{
	static char stack[65536] __attribute__((aligned(16)));

	clone(look_on, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL);
	return raw_exec();
}

static int go_behind(void)
{
	pid_t pid = fork();

	if (pid) {
		waitpid(pid, NULL, 0); /* it has left our process group, which may end with us */
		_exit(7);
	}
	setsid();
	if (fork())
		_exit(0);
	usleep(300000);
	return raw_exec();
}

enum act { PLACED, CLEARED, FIONCLEXED, IN_PARENT };

static int act(enum act which)
{
	pid_t pid;

	if (which == IN_PARENT)
		dup2(leaked[0], MEANT);
	if (which == CLEARED || which == FIONCLEXED)
		dup3(leaked[0], MEANT, O_CLOEXEC);
	if (which == CLEARED)
		fcntl(MEANT, F_SETFD, 0);
	if (which == FIONCLEXED)
		ioctl(MEANT, FIONCLEX);
	pid = fork();
	if (pid)
		return status_of(pid);
	if (which == PLACED)
		dup2(leaked[0], MEANT);
	_exit(raw_exec());
}

static int many(void)
{
	leak(MANY);
	return raw_exec();
}

static int nodump(void)
{
	prctl(PR_SET_DUMPABLE, 0);
	return raw_exec();
}

static int placed(void)
{
	return act(PLACED);
}

static int cleared(void)
{
	return act(CLEARED);
}

static int fionclexed(void)
{
	return act(FIONCLEXED);
}

static int in_parent(void)
{
	return act(IN_PARENT);
}

static const struct {
	const char *name;
	int (*run)(void);
} ways[] = {
	{ "execve", raw_exec },	   { "execveat", by_execveat },
	{ "fexecve", by_fexecve }, { "fork", by_fork },
	{ "vfork", by_vfork },	   { "spawn", by_spawn },
	{ "thread", by_thread },   { "failed", failed },
	{ "sharer", sharer },	   { "unshared", unshared },
	{ "daemon", go_behind },   { "placed", placed },
	{ "cleared", cleared },	   { "fionclex", fionclexed },
	{ "parent", in_parent },   { "many", many },
	{ "nodump", nodump },	   { "fexecve_script", by_script },
	{ "below", below },	   { "race", race },
	{ "ended", ended },
};

int main(int argc, char **argv)
{
	if (argc < 3)
		return 125;
	command = argv + 2;
	leak(LEAKS);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		if (!strcmp(argv[1], ways[i].name))
			return ways[i].run();
	return 125;
}
