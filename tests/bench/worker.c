/*
 * worker.c: does the work that is timed, in a process that has a peer's preload.
 *
 * What is timed is between two readings of CLOCK_MONOTONIC around one exec (from fork to the
 * end of waitpid) or around many calls; what prepares it is not.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"

extern char **environ;

static const char *const scripts[] = { "loop", "configure", "git", "gcc", "make", "python" };

uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

void die(const char *what)
{
	fprintf(stderr, "bench: %s: %s\n", what, strerror(errno));
	_exit(2);
}

const char *beside(const char *name)
{
	static char path[4096 + 64];
	ssize_t n = readlink("/proc/self/exe", path, 4096);

	if (n < 0)
		die("/proc/self/exe");
	while (n && path[n - 1] != '/')
		n--;
	strncpy(path + n, name, 63);
	return path;
}

void have_fds(int n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (n > 3 && (rlim_t)n + 16 > limit.rlim_cur)
		n = (int)limit.rlim_cur - 16; /* the program that is started needs some */
	if (close_range(n < 3 ? 3 : (unsigned)n, ~0u, 0) < 0)
		die("close_range");
	for (int fd = 3; fd < n; fd++)
		if (fcntl(fd, F_GETFD) < 0) {
			int got = dup(2);

			if (got != fd)
				die("dup");
		}
}

static void reap(pid_t pid)
{
	int status;

	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	if (status) {
		fprintf(stderr, "bench: a child ended with status %x\n", status);
		_exit(2);
	}
}

static uint64_t by_fork(const struct ask *a, char **argv)
{
	uint64_t t = now_ns();
	bool threaded = a->work == THREADED_STATIC;
	pid_t pid = a->work == FORK_TRUE || threaded ? fork() : vfork();
	pthread_t other;

	if (pid == 0) {
		if (threaded && pthread_create(&other, NULL, wait_forever, NULL))
			_exit(126);
		if (a->work == CLOSE_EXEC)
			close_by((enum closing)a->arg);
		execve(argv[0], argv, environ);
		_exit(127);
	}
	if (pid < 0)
		die("fork");
	reap(pid);
	return now_ns() - t;
}

static uint64_t by_spawn(char **argv)
{
	uint64_t t = now_ns();
	pid_t pid;

	errno = posix_spawn(&pid, argv[0], NULL, NULL, argv, environ);
	if (errno)
		die(argv[0]);
	reap(pid);
	return now_ns() - t;
}

static uint64_t by_shell(int pipe)
{
	uint64_t t = now_ns();

	if (pipe) {
		FILE *f = popen(":", "r");

		if (!f || pclose(f))
			die("popen");
	} else if (system(":")) {
		die("system");
	}
	return now_ns() - t;
}

static uint64_t script(int which)
{
	char dir[4096], name[64];
	char *argv[] = { "sh", name, dir, NULL };
	posix_spawn_file_actions_t fa;
	uint64_t t;
	pid_t pid;

	strcpy(dir, beside("work"));
	snprintf(name, sizeof name, "tests/bench/work/%s.sh", scripts[which]);
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_addopen(&fa, 0, "/dev/null", O_RDONLY, 0);
	posix_spawn_file_actions_addopen(&fa, 1, "/dev/null", O_WRONLY, 0);
	t = now_ns();
	errno = posix_spawn(&pid, "/bin/sh", &fa, NULL, argv, environ);
	if (errno)
		die(name);
	reap(pid);
	t = now_ns() - t;
	posix_spawn_file_actions_destroy(&fa);
	return t;
}

uint64_t work_once(const struct ask *a)
{
	char path[4096];
	char *argv[32] = { path };

	strcpy(path, "/bin/true");
	switch (a->work) {
	case VFORK_STATIC:
	case THREADED_STATIC:
	case SPAWN_STATIC:
	case CLOSE_EXEC:
		strcpy(path, beside("noop"));
		break;
	case SCRIPT:
		return script(a->arg);
	case SYSTEM:
	case POPEN:
		return by_shell(a->work == POPEN);
	case CLOSING:
		return close_once(a);
	}
	if (a->work >= GETFD && a->work <= CLOSE)
		return call_once(a);
	if (a->work == VFORK_STATIC)
		for (int i = 1; i <= a->arg; i++)
			argv[i] = "an-argument-of-usual-length";
	if (a->work == SPAWN_STATIC || a->work == SPAWN_TRUE)
		return by_spawn(argv);
	return by_fork(a, argv);
}

/*
 * What is short runs on one processor and, where that is allowed, before all others: what the
 * neighbours do is not what is measured.  Scripts get no such favour.
 */
void stay(bool here)
{
	static cpu_set_t all, one;
	struct sched_param first = { .sched_priority = here };
	int last = 0;

	if (!CPU_COUNT(&all) && sched_getaffinity(0, sizeof all, &all) < 0)
		die("sched_getaffinity");
	for (int i = 0; i < CPU_SETSIZE; i++)
		last = CPU_ISSET(i, &all) ? i : last;
	CPU_ZERO(&one);
	CPU_SET(last, &one);
	sched_setaffinity(0, sizeof all, here ? &one : &all);
	sched_setscheduler(0, here ? SCHED_FIFO : SCHED_OTHER, &first);
}

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

static uint64_t children_cpu(void)
{
	struct rusage r;

	getrusage(RUSAGE_CHILDREN, &r);
	return ((uint64_t)r.ru_utime.tv_sec + (uint64_t)r.ru_stime.tv_sec) * 1000000000u +
	       ((uint64_t)r.ru_utime.tv_usec + (uint64_t)r.ru_stime.tv_usec) * 1000u;
}

static struct answer answer(const struct ask *a)
{
	uint64_t t[a->times], cpu = children_cpu();

	stay(a->work != SCRIPT);
	have_fds(a->fds);
	for (int i = 0; i < a->times; i++)
		t[i] = work_once(a);
	qsort(t, (size_t)a->times, sizeof *t, compare);
	return (struct answer){ t[a->times / 2], children_cpu() - cpu };
}

int worker(void)
{
	struct ask a;

	/* for the children alone: the worker's own calls shall stay as they are */
	if (getenv("BENCH_CHILD_PRELOAD"))
		setenv("LD_PRELOAD", getenv("BENCH_CHILD_PRELOAD"), 1);
	while (read(0, &a, sizeof a) == sizeof a) {
		struct answer r = answer(&a);

		if (write(1, &r, sizeof r) != sizeof r)
			die("write");
	}
	return 0;
}

int worker_once(int work)
{
	struct ask a = { work, 0, 3, 1 };

	have_fds(3);
	work_once(&a);
	raise(SIGSTOP);
	work_once(&a);
	raise(SIGSTOP);
	return 0;
}
