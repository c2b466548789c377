/*
 * host_tied: what the kernel ties to the thread that execs.
 *
 *	host_tied handler COUNT       execs that fail while a timer goes off, with COUNT descriptors:
 *		where does its handler run, and what becomes of what it opens?
 *	host_tied deathsig HOW        a child with a death signal, then an exec that succeeds
 *	host_tied traced HOW          a child that is traced, and execs
 *	host_tied signals HOW         signals with values are pending for this thread, then an exec
 *	HOW: one, thread (a second thread runs), many (80 descriptors)
 *
 * deathsig and signals want PROGRAM, a copy of this program, behind HOW: one that executes itself
 * keeps all.
 */
#include <pthread.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "tests/helpers/host/host.h"

static char *program, alternate[65536];
static int note[2];
static volatile long ran, elsewhere, off_stack, failed, opened;
static volatile int fds[1000];

static void *idle(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void surround(const char *how)
{
	sigset_t all, before;
	pthread_t t;
	int i;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before); /* the thread handles none */
	if (!strcmp(how, "thread") && pthread_create(&t, NULL, idle, NULL))
		die("thread");
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	for (i = 0; !strcmp(how, "many") && i < 80; i++)
		must_open("/dev/null", O_RDONLY);
}

static void handler(int sig)
{
	int error = errno;
	char here;

	(void)sig;
	ran++;
	elsewhere += syscall(SYS_gettid) != getpid();
	off_stack += &here < alternate || &here >= alternate + sizeof(alternate);
	failed += write(note[1], "x", 1) < 0 && errno == EBADF;
	if (opened < 1000)
		fds[opened++] = open("/dev/null", O_RDONLY | O_CLOEXEC);
	errno = error;
}

static int handlers(int count)
{
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_ONSTACK | SA_RESTART };
	struct itimerval often = { { 0, 200 }, { 0, 200 } }, never = { { 0, 0 }, { 0, 0 } };
	stack_t stack = { .ss_sp = alternate, .ss_size = sizeof(alternate) };
	char *argv[] = { "x", NULL }, buf[4096];
	long lost = 0, i;

	if (pipe2(note, O_CLOEXEC | O_NONBLOCK))
		die("pipe");
	for (i = 0; i < count; i++)
		must_open("/dev/null", O_RDONLY);
	surround("thread");
	sigaltstack(&stack, NULL);
	sigaction(SIGALRM, &act, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	while (opened < 300) {
		execve("/etc/passwd", argv, environ); /* EACCES */
		execve("/nonexistent", argv, environ);
		while (read(note[0], buf, sizeof(buf)) == sizeof(buf))
			;
	}
	setitimer(ITIMER_REAL, &never, NULL);
	for (i = 0; i < opened; i++)
		lost += fcntl(fds[i], F_GETFD) < 0;
	printf("%ld elsewhere, %ld off their stack, %ld writes failed, %ld lost\n", elsewhere,
	       off_stack, failed, lost);
	return 0;
}

static void again(const char *what, pid_t pid)
{
	char number[16], *argv[] = { program, (char *)what, number, NULL };

	snprintf(number, sizeof(number), "%d", pid);
	execv(program, argv);
	die("exec");
}

static int deathsig(const char *how)
{
	int ready[2];
	pid_t pid;
	char c;

	if (pipe(ready))
		die("pipe");
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	if (read(ready[0], &c, 1) != 1)
		die("child");
	surround(how);
	again("alive?", pid);
	return 1;
}

/* The death signal, if there was one, has been sent before the new image began. */
static int alive(pid_t pid)
{
	int status;

	kill(pid, SIGTERM);
	status = status_of(pid);
	printf("%s\n", WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM ? "alive" : "killed");
	return 0;
}

static int traced(const char *how)
{
	int status;
	pid_t pid;

	surround(how);
	pid = fork();
	if (!pid) {
		surround(how);
		ptrace(PTRACE_TRACEME, 0, 0, 0);
		run("/bin/true");
	}
	status = status_of(pid);
	printf("%s\n", WIFSTOPPED(status) && WSTOPSIG(status) == SIGTRAP ? "stopped" : "escaped");
	if (WIFSTOPPED(status))
		kill(pid, SIGKILL);
	return 0;
}

static void queue(int sig, int value)
{
	siginfo_t info = { .si_code = SI_QUEUE };

	info.si_pid = getpid();
	info.si_value.sival_int = value;
	if (syscall(SYS_rt_tgsigqueueinfo, getpid(), syscall(SYS_gettid), sig, &info))
		die("queue");
}

static int signals(const char *how)
{
	sigset_t all;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, NULL);
	surround(how);
	queue(SIGUSR2, 42);
	queue(SIGRTMIN, 43);
	queue(SIGRTMIN, 44);
	again("pending?", 0);
	return 1;
}

static int pending(void)
{
	struct timespec now = { 0, 0 };
	siginfo_t info;
	sigset_t all;

	sigfillset(&all);
	while (sigtimedwait(&all, &info, &now) > 0)
		printf("%d ", info.si_value.sival_int);
	printf("pending\n");
	return 0;
}

int main(int argc, char **argv)
{
	if (argc < 3)
		return 125;
	program = argv[argc - 1];
	if (!strcmp(argv[1], "handler"))
		return handlers(atoi(argv[2]));
	if (!strcmp(argv[1], "deathsig"))
		return deathsig(argv[2]);
	if (!strcmp(argv[1], "alive?"))
		return alive(atoi(argv[2]));
	if (!strcmp(argv[1], "traced"))
		return traced(argv[2]);
	if (!strcmp(argv[1], "signals"))
		return signals(argv[2]);
	return pending();
}
