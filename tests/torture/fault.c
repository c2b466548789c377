/*
 * fault.c: a library before the shim that makes one fault at an exec, the FAULT-th of the list:
 * the random tester has to find each (tests/e2e/house/torture_red.sh).
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

static int (*next)(const char *path, char *const argv[], char *const envp[]);
static int fault;

static void __attribute__((constructor)) load(void)
{
	const char *n = getenv("FAULT");

	fault = n ? atoi(n) : 0;
	next = dlsym(RTLD_NEXT, "execve");
}

/* A number that is open and has those flags; -1 if none has. */
static int find(int flags)
{
	for (int fd = 3; fd < 1100; fd++)
		if (fcntl(fd, F_GETFD) == flags)
			return fd;
	return -1;
}

static void before(void)
{
	struct itimerval none = { 0 };
	sigset_t set;
	int fd;

	switch (fault) {
	case 1: /* seals what was meant */
		syscall(SYS_close, find(0));
		break;
	case 2: /* a descriptor of its own crosses */
		fd = fcntl(2, F_DUPFD_CLOEXEC, 3);
		fcntl(fd, F_SETFD, 0);
		break;
	case 3: /* takes a signal that waits */
		sigfillset(&set);
		syscall(SYS_rt_sigtimedwait, &set, NULL, &(struct timespec){ 0 }, 8);
		break;
	case 4:
		sigemptyset(&set);
		sigaddset(&set, SIGTTOU);
		sigprocmask(SIG_BLOCK, &set, NULL);
		break;
	case 5:
		setitimer(ITIMER_REAL, &none, NULL);
		break;
	case 6: /* POSIX locks go with any descriptor of the file */
		fd = open("lock", O_RDONLY);
		syscall(SYS_close, fd);
		break;
	case 7:
		prctl(PR_SET_PDEATHSIG, SIGTERM);
		break;
	}
}

static void after(void)
{
	int fd;

	switch (fault) {
	case 8:
		errno = EAGAIN;
		break;
	case 9:
		fd = find(FD_CLOEXEC);
		syscall(SYS_fcntl, fd, F_SETFD, 0);
		break;
	case 10:
		lseek(find(0), 77, SEEK_SET);
		break;
	case 11:
		syscall(SYS_close_range, 0, 0, 2 /* CLOSE_RANGE_UNSHARE */);
		break;
	case 12:
		sigaltstack(&(stack_t){ .ss_flags = SS_DISABLE }, NULL);
		break;
	}
}

int execve(const char *path, char *const argv[], char *const envp[])
{
	int r, error;

	before();
	r = next(path, argv, envp);
	error = errno;
	after();
	if (fault != 8)
		errno = error;
	return r;
}
