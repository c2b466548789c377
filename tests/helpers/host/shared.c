/*
 * host_shared: after execs that failed, whoever shared this thread's table shares it still.
 *
 *	host_shared pthread|clone|init|nokcmp|peer|inline|word
 *		with a second thread of libc's; with one of libc's clone(); the same in the first
 *		process of a pid namespace; with kcmp denied, in a process made by a system call; with
 *		a process (CLONE_FILES) made by clone(), and by inline assembler; with one that tells
 *		its end by CLONE_CHILD_CLEARTID
 *	host_shared reopened      a handler puts a close-on-exec file onto a number while execs fail
 *	host_shared refused       the same where they fail behind the seal (refuse.h)
 *	host_shared nobody        no task can be made (RLIMIT_NPROC): what do other threads see?
 */
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/time.h>

#include "tests/helpers/hidden.h"
#include "tests/helpers/host/refuse.h"

static char stack[65536] __attribute__((aligned(16)));
static char *argv_x[] = { "x", NULL };
static int to[2], from[2];
static volatile int stop, number = -1;
static volatile long wrong, met;

/* Opens a file when it is told to, and says under which number. */
static int opener(void *unused)
{
	char c;
	int fd;

	(void)unused;
	if (read(to[0], &c, 1) != 1)
		_exit(1);
	fd = open("/etc/passwd", O_RDONLY);
	if (write(from[1], &fd, sizeof(fd)) != sizeof(fd))
		_exit(1);
	for (;;)
		pause();
	return 0;
}

static void *thread(void *unused)
{
	opener(unused);
	return unused;
}

static pid_t inline_clone(void)
{
	long r = hidden_sharer();

	if (!r)
		opener(NULL);
	return (pid_t)r;
}

static int ask(const char *how)
{
	const int as_thread =
		CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM;
	pthread_t t;
	pid_t pid = 0;
	int fd;

	if (pipe(to) || pipe(from))
		die("pipe");
	leak_at(3);
	if (!strcmp(how, "peer"))
		pid = clone(opener, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL);
	else if (!strcmp(how, "inline"))
		pid = inline_clone();
	else if (!strcmp(how, "clone")) {
		if (clone(opener, stack + sizeof(stack), as_thread, NULL) < 0) /* musl 1.2.4 */
			cannot("make a thread by clone()");
	} else if (pthread_create(&t, NULL, thread, NULL))
		die("thread");
	execve("/etc/passwd", argv_x, environ);
	execve("/nonexistent", argv_x, environ);
	if (write(to[1], "", 1) != 1 || read(from[0], &fd, sizeof(fd)) != sizeof(fd))
		die("opener");
	printf("%s\n", fd >= 0 && fcntl(fd, F_GETFD) >= 0 ? "shared" : "split");
	fflush(stdout);
	if (pid > 0)
		kill(pid, SIGKILL);
	_exit(0);
}

static int first(void *unused)
{
	(void)unused;
	return ask("pthread");
}

static int init(void)
{
	pid_t pid = clone(first, stack + sizeof(stack), CLONE_NEWPID | SIGCHLD, NULL);

	if (pid < 0)
		cannot("make a pid namespace");
	return status_of(pid) != 0;
}

static int without_kcmp(void)
{
	struct sock_filter f[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_kcmp, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog p = { sizeof(f) / sizeof(*f), f };
	pid_t pid;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) ||
	    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &p))
		cannot("install a filter");
	pid = fork_by_syscall();
	if (!pid)
		ask("pthread");
	return status_of(pid) != 0;
}

static int places(void *unused)
{
	(void)unused;
	dup2(0, 9); /* an act, which has to be remembered for this child */
	return 0;
}

static int word(void)
{
	static int ends = 1;
	struct timespec second = { 1, 0 };
	pid_t pid = clone(places, stack + sizeof(stack),
			  CLONE_VM | CLONE_FILES | CLONE_CHILD_CLEARTID | SIGCHLD, NULL, NULL, NULL,
			  &ends);

	if (pid < 0)
		cannot("make a process by clone() with CLONE_CHILD_CLEARTID"); /* musl 1.2.4 */
	status_of(pid); /* the word is cleared before */
	if (__atomic_load_n(&ends, __ATOMIC_ACQUIRE))
		syscall(SYS_futex, &ends, FUTEX_WAIT, 1, &second, NULL, 0);
	printf("%s\n", ends ? "not told" : "told");
	return 0;
}

static void reopen(int sig)
{
	int n = number, fd;

	(void)sig;
	if (n < 0)
		return;
	fd = open("/etc/group", O_RDONLY | O_CLOEXEC);
	dup3(fd, n, O_CLOEXEC);
	close(fd);
	number = -1;
}

static int reopened(const char *program, int longest)
{
	struct sigaction act = { .sa_handler = reopen, .sa_flags = SA_RESTART };
	struct itimerval once = { { 0, 0 }, { 0, 0 } };
	int fd = leak_at(3), i;

	sigaction(SIGALRM, &act, NULL);
	for (i = 0; i < 20000; i++) {
		dup2(fd, 50);
		number = 50;
		once.it_value.tv_usec = 1 + i % longest;
		setitimer(ITIMER_REAL, &once, NULL);
		execve(program, argv_x, environ);
		while (number >= 0)
			;
		wrong += !(fcntl(50, F_GETFD) & FD_CLOEXEC);
	}
	printf("%ld lost their close-on-exec\n", wrong);
	return 0;
}

static int refused(void)
{
	for (int i = 0; i < 5; i++)
		leak_at(3);
	refuse_execs(EIO);
	return reopened("/bin/true", 120);
}

static void *churn(void *unused)
{
	int inherited = leak_at(3);

	while (!stop) {
		int fd = must_open("/etc/passwd", O_RDONLY), i;

		wrong += fcntl(fd, F_GETFD) & FD_CLOEXEC;
		close(fd);
		fd = must_open("/etc/group", O_RDONLY | O_CLOEXEC);
		for (i = 0; i < 20; i++)
			wrong += !(fcntl(fd, F_GETFD) & FD_CLOEXEC) || fcntl(inherited, F_GETFD);
		close(fd);
		met++;
	}
	return unused;
}

static int nobody(void)
{
	struct rlimit none = { 2, 2 };
	pthread_t t;
	int i;

	if (setgid(31234) || setuid(31234))
		cannot("become another user");
	leak_at(3);
	if (pthread_create(&t, NULL, churn, NULL) || setrlimit(RLIMIT_NPROC, &none))
		die("thread");
	for (i = 0; i < 2000 || met < 2000; i++)
		execve("/etc/passwd", argv_x, environ);
	stop = 1;
	pthread_join(t, NULL);
	printf("%ld wrong flags\n", wrong);
	return 0;
}

int main(int argc, char **argv)
{
	if (argc != 2)
		return 125;
	if (!strcmp(argv[1], "init"))
		return init();
	if (!strcmp(argv[1], "nokcmp"))
		return without_kcmp();
	if (!strcmp(argv[1], "word"))
		return word();
	if (!strcmp(argv[1], "reopened"))
		return reopened("/etc/passwd", 25);
	if (!strcmp(argv[1], "refused"))
		return refused();
	if (!strcmp(argv[1], "nobody"))
		return nobody();
	return ask(argv[1]);
}
