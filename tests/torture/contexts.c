/* contexts.c: who makes the exec, and who else is there meanwhile (host.h). */
#include "tests/torture/host.h"

#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Somebody with the same table is asked whether a descriptor is open there. */
static struct partner {
	volatile int there, ask, answer; /* ask: -1 none; answer: 1 open, 2 not */
} * partner;

static const union shape *shape;
static void (*act)(const union shape *s);
static char stack[256 << 10] __attribute__((aligned(16)));
static volatile int ctid;

static void nap(void)
{
	static const struct timespec t = { 0, 100000 };

	syscall(SYS_nanosleep, &t, NULL);
}

static int answer_all(void *unused)
{
	sigset_t all;

	(void)unused;
	sigfillset(&all);
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &all, NULL, 8);
	partner->there = 1;
	for (;; nap()) {
		int fd = partner->ask;

		if (fd < 0)
			continue;
		partner->answer = (int)syscall(SYS_fcntl, fd, F_GETFD) >= 0 ? 1 : 2;
		partner->ask = -1;
	}
	return 0;
}

static void *answer_thread(void *unused)
{
	answer_all(unused);
	return NULL;
}

static void await_partner(void)
{
	while (!partner->there)
		nap();
}

void ask_partner(void)
{
	int fd;

	if (!partner->there || shape->limit == limit_below)
		return;
	fd = fcntl(SINK, F_DUPFD_CLOEXEC, 0);
	partner->answer = 0;
	partner->ask = fd;
	while (!partner->answer)
		nap();
	say("the table is %s\n", partner->answer == 1 ? "shared" : "SPLIT");
	close(fd);
}

static void start_threads(void)
{
	pthread_t t;
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	for (int i = 0; i < 2; i++) {
		/* two of them answer: the first that sees the question */
		if (pthread_create(&t, NULL, answer_thread, NULL))
			broken("pthread_create");
	}
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	await_partner();
}

static void *act_thread(void *unused)
{
	act(shape);
	return unused;
}

static void on_winch(int sig)
{
	(void)sig;
	act(shape);
}

static void in_handler(void)
{
	struct sigaction a = { .sa_handler = on_winch };

	sigaction(SIGWINCH, &a, NULL);
	raise(SIGWINCH);
}

/* As fork(), but libc and the fence see nothing of it. */
static pid_t hidden_clone(unsigned long flags)
{
#ifdef __x86_64__
	register long r10 __asm__("r10") = 0, r8 __asm__("r8") = 0;
	long pid;

	__asm__ volatile("syscall"
			 : "=a"(pid)
			 : "a"(SYS_clone), "D"(flags | SIGCHLD), "S"(0), "d"(0), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return (pid_t)pid;
#else
	return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
#endif
}

static int act_child(void *unused)
{
	(void)unused;
	if (shape->context != context_forkraw && shape->context != context_clonefiles &&
	    shape->entry <= entry_sysexecveat)
		dup2(SINK, PLACED); /* by the child, between fork and exec: meant */
	act(shape);
	_exit(3);
}

static pid_t make_child(void)
{
	char *top = stack + sizeof(stack);
	pid_t pid;

	switch (shape->context) {
	case context_fork:
	case context_forkthreads:
		pid = fork();
		break;
	case context_forkraw:
		pid = (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
		break;
	case context_forkplain:
		pid = _Fork();
		break;
	case context_vfork:
	case context_vforkthreads:
		pid = vfork();
		break;
	case context_clonevm:
		return clone(act_child, top, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
	case context_clonectid:
		ctid = 1;
		return clone(act_child, top, CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD, NULL, NULL,
			     NULL, &ctid);
	default:
		return clone(act_child, top, CLONE_FILES | SIGCHLD, NULL);
	}
	if (!pid)
		act_child(NULL);
	return pid;
}

/* The kernel clears the word and wakes who waits for it: when the child execs or ends. */
static void await_ctid(void)
{
	struct timespec t = { 3, 0 };

	while (ctid)
		if (syscall(SYS_futex, &ctid, 0 /* FUTEX_WAIT */, 1, &t, NULL, 0) && ctid &&
		    t.tv_sec--) {
			say("the word of CLONE_CHILD_CLEARTID was not cleared\n");
			return;
		}
}

static void in_child(void)
{
	static struct look before, after;
	int status = -1;
	pid_t pid;

	look(shape, &before);
	pid = make_child();
	if (pid < 0) {
		say("no child\n");
		return;
	}
	if (shape->context == context_clonectid)
		await_ctid();
	waitpid(pid, &status, 0);
	say("the child's status %x\n", (unsigned)status);
	look(shape, &after);
	look_compare("parent", &before, &after);
	ask_partner();
}

void run_in_context(const union shape *s, void (*run)(const union shape *s))
{
	sigset_t all;
	pthread_t t;

	shape = s;
	act = run;
	partner = mmap(NULL, sizeof(*partner), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
		       -1, 0);
	partner->ask = -1;
	if (s->context == context_threads || s->context == context_thread ||
	    s->context == context_forkthreads || s->context == context_vforkthreads)
		start_threads();
	if (s->context == context_sharer) {
		if (clone(answer_all, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL) < 0)
			broken("clone");
		await_partner();
	}
	if (s->context == context_hidden) {
		if (!hidden_clone(CLONE_FILES))
			answer_all(NULL);
		await_partner();
	}
	if (s->context == context_newpid && unshare(CLONE_NEWPID))
		broken("unshare");
	if (s->context >= context_fork) {
		in_child();
	} else if (s->context == context_thread) {
		sigfillset(&all); /* what is sent to the process waits for the other one */
		pthread_sigmask(SIG_SETMASK, &all, NULL);
		if (pthread_create(&t, NULL, act_thread, NULL))
			broken("pthread_create");
		pthread_join(t, NULL);
	} else if (s->context == context_handler) {
		in_handler();
	} else {
		run(s);
	}
}
