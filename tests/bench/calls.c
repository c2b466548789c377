/*
 * calls.c: work that is one call of libc: the hooked calls that watch for acts, and the ways to
 * close all descriptors above 2.
 */
#include <dirent.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/bench/bench.h"

static uint64_t close_each(void)
{
	uint64_t t;

	for (int i = 0; i < CALLS; i++)
		if (syscall(SYS_dup, 2) != i + 3)
			die("dup");
	t = now_ns();
	for (int i = 0; i < CALLS; i++)
		close(i + 3);
	return now_ns() - t;
}

void *wait_forever(void *unused)
{
	for (;;)
		pause();
	return unused;
}

static void fail(bool threaded)
{
	char *argv[] = { "no", NULL };
	pthread_t t;

	if (threaded && pthread_create(&t, NULL, wait_forever, NULL))
		die("pthread_create");
	for (int i = 0; i < CALLS; i++)
		execve("/no/such/file", argv, environ);
	if (threaded && (pthread_cancel(t) || pthread_join(t, NULL)))
		die("pthread_join");
}

uint64_t call_once(const struct ask *a)
{
	uint64_t t;
	int fd;

	if (a->work == CLOSE)
		return close_each();
	fd = dup(2);
	t = now_ns();
	switch (a->work) {
	case GETFD:
		for (int i = 0; i < CALLS; i++)
			fcntl(fd, F_GETFD);
		break;
	case SETFD:
		for (int i = 0; i < CALLS; i++)
			fcntl(fd, F_SETFD, 0);
		break;
	case FIONCLEX_:
		for (int i = 0; i < CALLS; i++)
			ioctl(fd, FIONCLEX);
		break;
	case OPEN_CLOSE:
		for (int i = 0; i < CALLS; i++)
			close(open("/dev/null", O_RDONLY));
		break;
	case PIPE_CLOSES:
		for (int i = 0; i < CALLS; i++) {
			int p[2];

			if (pipe(p))
				die("pipe");
			close(p[0]);
			close(p[1]);
		}
		break;
	case FAILS:
	case FAILS_THREADED:
		fail(a->work == FAILS_THREADED);
		break;
	case DUP2:
		for (int i = 0; i < CALLS; i++)
			dup2(2, fd);
		break;
	}
	t = now_ns() - t;
	close(fd);
	return t;
}

/* As it is written everywhere; in a vfork child this allocates, as it does everywhere. */
static void walk(void)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *e;

	if (!dir)
		die("/proc/self/fd");
	while ((e = readdir(dir))) {
		int fd = atoi(e->d_name);

		if (fd > 2 && fd != dirfd(dir))
			close(fd);
	}
	closedir(dir);
}

static void loop(int end)
{
	for (int fd = 3; fd < end; fd++)
		close(fd);
}

void close_by(enum closing how)
{
	switch (how) {
	case LOOP_1K:
		return loop(1 << 10);
	case LOOP_64K:
		return loop(1 << 16);
	case LOOP_1M:
		return loop(1 << 20);
	case WALK:
		return walk();
	case CLOSEFROM:
		return closefrom(3);
	case CLOSE_RANGE:
		close_range(3, ~0u, 0);
		return;
	case MARK:
		close_range(3, ~0u, CLOSE_RANGE_CLOEXEC);
		return;
	default:
		return;
	}
}

uint64_t close_once(const struct ask *a)
{
	uint64_t t;

	have_fds(2);
	have_fds(a->fds);
	t = now_ns();
	close_by((enum closing)a->arg);
	return now_ns() - t;
}
