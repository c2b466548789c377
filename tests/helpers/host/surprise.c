/*
 * host_surprise: an exec that fails against all signs (refuse.h).
 *
 *	host_surprise one|thread|clone|syscall|dlmopen|ring
 *
 * Some descriptors, every third close-on-exec; prints the error and how many flags are not what
 * they were.  With a second thread, or a process that shares the table (CLONE_FILES), a thread of the libc of
 * another namespace, or a worker of io_uring.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "tests/helpers/host/refuse.h"
#include "tests/helpers/host/worker.h"

static char stack[65536] __attribute__((aligned(16)));

static int peer(void *unused)
{
	(void)unused;
	for (;;)
		pause();
	return 0;
}

static void *thread(void *unused)
{
	peer(unused);
	return unused;
}

/* By a libc that the one of this namespace knows nothing of. */
static void thread_of_namespace(void)
{
#ifdef __GLIBC__
	void *libc = dlmopen(LM_ID_NEWLM, "libc.so.6", RTLD_NOW);
	int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
	pthread_t t;

	*(void **)&create = libc ? dlsym(libc, "pthread_create") : NULL;
	if (!create || create(&t, NULL, thread, NULL))
		cannot("start a thread of another namespace");
#else
	errno = ENOSYS;
	cannot("dlmopen");
#endif
}

/* 0: a thread, which ends with its process. */
static pid_t sharer(const char *how)
{
	pid_t pid = 0;
	pthread_t t;

	if (!strcmp(how, "clone"))
		pid = clone(peer, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL);
	else if (!strcmp(how, "syscall"))
		pid = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
	else if (!strcmp(how, "thread") && pthread_create(&t, NULL, thread, NULL))
		die("thread");
	if (!strcmp(how, "dlmopen"))
		thread_of_namespace();
	if (!strcmp(how, "ring"))
		worker_of_ring();
	if (!pid && !strcmp(how, "syscall"))
		peer(NULL);
	if (pid < 0)
		die("clone");
	return pid;
}

int main(int argc, char **argv)
{
	char *child[] = { "true", NULL };
	int fd[30], changed = 0, i, error;
	pid_t pid;

	if (argc != 2)
		return 125;
	for (i = 0; i < 30; i++)
		fd[i] = must_open("/dev/null", O_RDONLY | (i % 3 ? 0 : O_CLOEXEC));
	pid = sharer(argv[1]);
	refuse_execs(EIO);
	execve("/bin/true", child, environ);
	error = errno;
	if (pid)
		kill(pid, SIGKILL);
	for (i = 0; i < 30; i++)
		changed += fcntl(fd[i], F_GETFD) != (i % 3 ? 0 : FD_CLOEXEC);
	printf("%s, %d flags changed\n", error == EIO ? "its error" : strerror(error), changed);
	return 0;
}
