/*
 * failed_exec: an exec that fails leaves its caller as it was.
 *
 *	failed_exec CONTEXT SHAPE COUNT [arguments_first]      in a directory of its own
 *
 * Opens COUNT descriptors (SHAPE dense or sparse; every third close-on-exec),
 * then lets exec fail through each entry point with each error in CONTEXT
 * (one, threads, sharer, hidden, vfork, fork, handler), and compares the flags of every
 * descriptor, the error, the signal mask, pending signals and the timer before
 * and after; in "threads", "sharer" and "hidden", which is one that no call of libc made, somebody else watches the table all the
 * while.  arguments_first: as under a kernel that looks at an exec's arguments before it opens the
 * file, to the eyes of who asks with arguments that are nowhere.  Prints what differs and exits with 1.
 */
#include "tests/helpers/arguments_first.h"
#include "tests/helpers/failures.h"
#include "tests/helpers/hidden.h"
#include "tests/helpers/ways.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>

extern char **environ;

struct state {
	short fd[66000]; /* F_GETFD, or -1 */
	sigset_t mask, pending;
	int timer; /* is set */
};
static struct state before, after;
static int table_end;
static volatile int wrong, stop;
static char *big;
static char *args[] = { "x", "y", "z", "w", NULL };
static char *big_args[] = { "x", NULL, "z", "w", NULL };

static void complain(const char *what, int a, int b)
{
	dprintf(2, "%s (%d, %d)\n", what, a, b);
	wrong++;
}

static void look(struct state *s)
{
	struct itimerval t;
	int fd;

	for (fd = 0; fd < table_end; fd++)
		s->fd[fd] = (short)fcntl(fd, F_GETFD);
	sigprocmask(SIG_BLOCK, NULL, &s->mask);
	sigpending(&s->pending);
	getitimer(ITIMER_REAL, &t);
	s->timer = t.it_value.tv_sec > 0;
}

static void compare(const char *what)
{
	int fd, sig;

	look(&after);
	for (fd = 0; fd < table_end; fd++)
		if (before.fd[fd] != after.fd[fd]) {
			dprintf(2, "%s: descriptor %d: flags %d before, %d after\n", what, fd,
				before.fd[fd], after.fd[fd]);
			wrong++;
			break;
		}
	for (sig = 1; sig < 65; sig++)
		if (sigismember(&before.mask, sig) != sigismember(&after.mask, sig) ||
		    sigismember(&before.pending, sig) != sigismember(&after.pending, sig))
			complain("signal mask or pending signals differ", sig, 0);
	if (before.timer != after.timer)
		complain("the timer differs", before.timer, after.timer);
}

static void expect(const char *name, const char *path, int got, int error, int expected)
{
	if (got == -1 && error == expected)
		return;
	dprintf(2, "%s %.40s: returned %d, errno %d, expected -1, %d\n", name, path, got, error,
		expected);
	wrong++;
}

static void fail_by(enum way way, const char *path, char **argv, int expected)
{
	int r, error;

	errno = 0;
	r = exec_by(way, path, argv, environ);
	error = errno;
	expect(way_name[way], path, r, error, expected);
	compare(way_name[way]);
}

static void fail_spawn(const char *path, char **argv, int expected)
{
	pid_t pid = -1;
	int error = posix_spawn(&pid, path, NULL, NULL, argv, environ);

	expect("posix_spawn", path, error ? -1 : 0, error, expected);
	error = posix_spawnp(&pid, path, NULL, NULL, argv, environ);
	expect("posix_spawnp", path, error ? -1 : 0, error, expected);
	compare("posix_spawn");
	if (waitpid(-1, NULL, WNOHANG) > 0)
		complain("a failed spawn left a child", 0, 0);
}

/* Everything fails here, by every way. */
static void fail_all(void)
{
	unsigned i;
	int way;

	for (way = 0; way < WAYS; way++) {
		for (i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
			/* fexecve is handed -1 where open fails, and opens what is no link. */
			if (way == FEXECVE && i != 1 && i != 2 && i != 5 && i != 6 && i != 7)
				continue;
			fail_by(way, failures[i].path, args, failures[i].error);
		}
		if (way != EXECL && way != EXECLP && way != EXECLE)
			fail_by(way, "/bin/true", big_args, E2BIG);
		for (i = 0; i < sizeof(broken) / sizeof(*broken); i++)
			if (broken[i].error != ENOEXEC ||
			    (way != EXECVP && way != EXECVPE && way != EXECLP))
				fail_by(way, broken[i].path, args, broken[i].error);
	}
	/* Over a PATH with misses. */
	fail_by(EXECVP, "no_such_command", args, ENOENT);
	fail_by(EXECVPE, "no_such_command", args, ENOENT);
	fail_by(EXECLP, "denied", args, EACCES);
}

static void spawn_all(void)
{
	unsigned i;

	for (i = 0; i < sizeof(failures) / sizeof(*failures); i++)
		fail_spawn(failures[i].path, args, failures[i].error);
	fail_spawn("/bin/true", big_args, E2BIG);
	for (i = 0; i < sizeof(broken) / sizeof(*broken); i++)
		fail_spawn(broken[i].path, args, broken[i].error);
}

/* Sees the table that it shares: no flag may change, not even for a moment. */
static void watch(void)
{
	int fd;

	for (fd = 3; fd < table_end && !stop; fd++) {
		int now = fcntl(fd, F_GETFD);

		if (now != before.fd[fd] && before.fd[fd] != -1) {
			complain("a watcher saw other flags on a descriptor", fd, now);
			stop = 1;
		}
	}
}

/* Then it opens one: whoever shares the table has it too. */
static void *watcher(void *opened)
{
	while (!stop)
		watch();
	*(int *)opened = open("/dev/null", O_RDONLY);
	return NULL;
}

static void in_threads(void)
{
	pthread_t t;
	int opened = -1;

	pthread_create(&t, NULL, watcher, &opened);
	fail_all();
	spawn_all();
	stop = 1;
	pthread_join(t, NULL);
	if (opened < 0 || fcntl(opened, F_GETFD) < 0)
		complain("this thread does not see what the other one opened", opened, errno);
	close(opened);
}

/* What the sharer and this process tell one another. */
struct shared {
	volatile int ready, stop, wrong, fd;
};

static int sharer(void *arg)
{
	struct shared *s = arg;

	s->ready = 1;
	while (!s->stop && !wrong)
		watch();
	s->wrong = wrong;
	s->fd = open("/dev/null", O_RDONLY);
	return 0;
}

static pid_t make_sharer(struct shared *s)
{
	static char stack[64 << 10] __attribute__((aligned(16)));

	return clone(sharer, stack + sizeof(stack), CLONE_FILES | SIGCHLD, s);
}

static pid_t make_hidden(struct shared *s)
{
	long pid = hidden_sharer();

	if (!pid)
		_exit(sharer(s));
	return pid < 0 ? make_sharer(s) : (pid_t)pid;
}

/* Another process has the same table (CLONE_FILES). */
static void beside(pid_t (*make)(struct shared *))
{
	struct shared *s =
		mmap(NULL, sizeof(*s), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t pid = make(s);

	while (!s->ready)
		sched_yield();
	fail_all();
	s->stop = 1;
	waitpid(pid, NULL, 0);
	wrong += s->wrong;
	if (s->fd < 0 || fcntl(s->fd, F_GETFD) < 0)
		complain("this process does not see what the sharer opened", s->fd, errno);
	close(s->fd);
	spawn_all();
}

static void with_sharer(void)
{
	beside(make_sharer);
}

static void with_hidden(void)
{
	beside(make_hidden);
}

static void in_vfork(void)
{
	int status = 0;
	pid_t pid = vfork();

	if (!pid) {
		/* A vfork child inherits neither pending signals nor timers. */
		look(&before);
		fail_all();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	look(&before);
	compare("the parent of a vfork child");
	if (status)
		complain("vfork child", status, 0);
}

static void *idle(void *unused)
{
	while (!stop)
		usleep(10000);
	return unused;
}

static void in_fork_of_threads(void)
{
	pthread_t t;
	int status = 0;
	pid_t pid;

	pthread_create(&t, NULL, idle, NULL);
	pid = fork();
	if (!pid) {
		look(&before);
		fail_all();
		spawn_all();
		_exit(wrong ? 1 : 0);
	}
	waitpid(pid, &status, 0);
	if (status)
		complain("forked child", status, 0);
	compare("the parent of a forked child");
	stop = 1;
	pthread_join(t, NULL);
}

static void handler(int sig)
{
	(void)sig;
	look(&before);
	fail_all();
	spawn_all();
}

static void in_handler(void)
{
	static char stack[32 << 10];
	stack_t alternate = { .ss_sp = stack, .ss_size = sizeof(stack) };
	struct sigaction act = { .sa_handler = handler, .sa_flags = SA_ONSTACK };

	sigaction(SIGUSR2, &act, NULL);
	raise(SIGUSR2);
	sigaltstack(&alternate, NULL);
	raise(SIGUSR2);
}

/* busy stays open for writing, so that its exec gives ETXTBSY. */
static void open_many(int count, int sparse)
{
	int fd = open("busy", O_WRONLY), step = sparse ? 17 : 1, i;

	for (i = 0; i < count; i++) {
		int want = 3 + i * step, got;

		got = fcntl(fd, i % 3 ? F_DUPFD : F_DUPFD_CLOEXEC, want);
		if (got < 0)
			exit(125);
		table_end = got + 70;
	}
}

static void signals(void)
{
	struct itimerval t = { { 0, 0 }, { 1000, 0 } };
	sigset_t s;

	sigemptyset(&s);
	sigaddset(&s, SIGUSR1);
	sigaddset(&s, SIGTERM);
	sigprocmask(SIG_BLOCK, &s, NULL);
	kill(getpid(), SIGTERM);
	setitimer(ITIMER_REAL, &t, NULL);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} contexts[] = { { "threads", in_threads },	 { "sharer", with_sharer },
			 { "hidden", with_hidden },	 { "vfork", in_vfork },
			 { "fork", in_fork_of_threads }, { "handler", in_handler } };
	struct rlimit r;
	unsigned i;

	if (argc == 5 && !strcmp(argv[4], "arguments_first"))
		arguments_first();
	else if (argc != 4)
		return 125;
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max;
	setrlimit(RLIMIT_NOFILE, &r);
	setenv("PATH", "/nonexistent:.:/usr/bin", 1);
	make_files();
	big = malloc(3 << 20);
	memset(big, 'b', 3 << 20);
	big[(3 << 20) - 1] = 0;
	big_args[1] = big;
	open_many(atoi(argv[3]), !strcmp(argv[2], "sparse"));
	signals();
	if (!strcmp(argv[1], "thread_signal"))
		raise(SIGUSR1);
	look(&before);
	for (i = 0; i < sizeof(contexts) / sizeof(*contexts); i++)
		if (!strcmp(argv[1], contexts[i].name)) {
			contexts[i].run();
			return wrong ? 1 : 0;
		}
	fail_all();
	spawn_all();
	return wrong ? 1 : 0;
}
