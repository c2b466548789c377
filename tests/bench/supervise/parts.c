/*
 * parts: what the questions of a supervisor take, each asked once of a child that was forked for it and stands
 * still, as a new image does.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/kcmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/supervise/parts.h"

#define CHILDREN 300

static uint64_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

static void fail(const char *what)
{
	fprintf(stderr, "parts: %s: %s\n", what, strerror(errno));
	exit(2);
}

static char *path_of(pid_t pid, const char *name)
{
	static char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", (int)pid, name);
	return path;
}

static void read_file(const char *path)
{
	static char buf[65536];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	while (read(fd, buf, sizeof(buf)) > 0)
		;
	close(fd);
}

static void attach(pid_t pid)
{
	ptrace(PTRACE_SEIZE, pid, NULL, NULL);
	ptrace(PTRACE_INTERRUPT, pid, NULL, NULL);
	waitpid(pid, NULL, __WALL);
}

static void stat_of(pid_t pid)
{
	read_file(path_of(pid, "stat"));
}

static void program(pid_t pid)
{
	char to[4096];

	if (readlink(path_of(pid, "exe"), to, sizeof(to)) < 0)
		fail("readlink");
}

static void count(pid_t pid)
{
	struct stat st;

	stat(path_of(pid, "fd"), &st);
}

static void stdio(pid_t pid)
{
	for (int fd = 0; fd < 3; fd++)
		syscall(SYS_kcmp, pid, pid, KCMP_FILE, fd, fd);
}

static void words(pid_t pid)
{
	static char here[65536];
	struct iovec to = { here, sizeof(here) }, from = { environ[0], sizeof(here) };

	process_vm_readv(pid, &to, 1, &from, 1, 0);
}

static void known(pid_t pid)
{
	char here[16];
	struct iovec to = { here, sizeof(here) };
	struct iovec from = { (void *)(uintptr_t)getauxval(AT_RANDOM), sizeof(here) };

	process_vm_readv(pid, &to, 1, &from, 1, 0);
}

static void locked(pid_t pid)
{
	pid_t own = getpid();

	for (int fd = 0; fd < 3; fd++) {
		struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET };

		if (!syscall(SYS_kcmp, own, pid, KCMP_FILE, fd, fd))
			fcntl(fd, F_GETLK, &lock);
	}
}

static void stub(pid_t pid)
{
	static const char code[80];
	int fd = open(path_of(pid, "mem"), O_WRONLY | O_CLOEXEC);

	if (pwrite(fd, code, sizeof(code), (off_t)(uintptr_t)path_of) < 0)
		fail("pwrite");
	close(fd);
}

static void let_go(pid_t pid)
{
	ptrace(PTRACE_DETACH, pid, NULL, NULL);
}

static const char sealed[] = "only where something is closed";

static const struct {
	const char *name;
	void (*ask)(pid_t pid);
	const char *where;
} parts[] = {
	{ "attach, and have it stop", attach, "" },
	{ "whether it is a child of an image that is known (16 random bytes)", known, "" },
	{ "how many are open (/proc/PID/fd), the first question to /proc", count, "" },
	{ "whether stdio is (kcmp)", stdio, "only where no more are open" },
	{ "its arguments and environment", words, sealed },
	{ "its program (/proc/PID/exe)", program, sealed },
	{ "whether stdio may be locked", locked, sealed },
	{ "the stub, into a page that becomes its own", stub, sealed },
	{ "let it go", let_go, "" },
	{ "which image it is, forked or not (/proc/PID/stat)", stat_of,
	  "only of a caller that is not known" },
};
#define PARTS (sizeof(parts) / sizeof(*parts))

static int by_size(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

void parts_table(FILE *to)
{
	static uint64_t ns[PARTS][CHILDREN];

	for (int i = 0; i < CHILDREN; i++) {
		pid_t pid = fork();

		if (pid == 0)
			for (;;)
				pause();
		if (pid < 0)
			fail("fork");
		for (size_t k = 0; k < PARTS; k++) {
			uint64_t begin = now();

			parts[k].ask(pid);
			ns[k][i] = now() - begin;
		}
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	fputs("\nstrace stops a program at its fork, at its call and at its exec, asks for little, "
	      "and closes "
	      "nothing. A supervisor stops it less often, but has to know who "
	      "calls and what crosses; an image that is sealed is asked more, and runs some code "
	      "before its "
	      "own. What that takes, each asked once of a child that stands still:\n\n"
	      "| of each exec | us | where |\n|---|---|---|\n",
	      to);
	for (size_t k = 0; k < PARTS; k++) {
		qsort(ns[k], CHILDREN, sizeof(**ns), by_size);
		fprintf(to, "| %s | %.1f | %s |\n", parts[k].name,
			(double)ns[k][CHILDREN / 2] / 1000, parts[k].where);
	}
}
