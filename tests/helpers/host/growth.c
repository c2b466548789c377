/*
 * host_growth: what many starts of programs leave behind in the process that makes them.
 *
 *	host_growth COUNT WAY[,WAY...] PROGRAM
 *
 * WAY: vfork (a large environment that lacks the fence), fork, spawn, failed (exec and spawn of
 * nothing), system, popen, thread (a failed exec beside a second thread).  Starts PROGRAM COUNT
 * times in all, and prints by how much memory (KiB, resident and mapped), descriptors, threads and
 * unreaped children have grown between the end of a first round of warming up and the end.
 */
#include <dirent.h>
#include <pthread.h>
#include <spawn.h>

#include "tests/helpers/host/host.h"

#define VARIABLES 300
#define WARM	  100

static char *large[VARIABLES + 1], *truth[] = { "true", NULL };
static const char *program;

static long status_line(const char *name)
{
	FILE *f = fopen("/proc/self/status", "re");
	char line[256];
	long value = -1;

	while (f && fgets(line, sizeof(line), f))
		if (!strncmp(line, name, strlen(name)))
			value = atol(line + strlen(name));
	if (f)
		fclose(f);
	return value;
}

static long open_files(void)
{
	DIR *d = opendir("/proc/self/fd");
	long n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void expect(int good, const char *way)
{
	if (!good) {
		printf("%s failed: %s\n", way, strerror(errno));
		exit(1);
	}
}

static void by_fork(void)
{
	pid_t pid = fork();

	if (!pid) {
		execve(program, truth, environ);
		_exit(1);
	}
	expect(!status_of(pid), "fork");
}

static void by_spawn(void)
{
	pid_t pid;

	expect(!posix_spawn(&pid, program, NULL, NULL, truth, environ), "spawn");
	expect(!status_of(pid), "spawn");
}

static void in_vain(void)
{
	pid_t pid;

	expect(execve("/nonexistent", truth, large) == -1 && errno == ENOENT, "execve");
	expect(posix_spawn(&pid, "/nonexistent", NULL, NULL, truth, environ) == ENOENT, "spawn");
}

static void *one_in_vain(void *unused)
{
	in_vain();
	return unused;
}

static void beside_a_thread(void)
{
	pthread_t t;

	expect(!pthread_create(&t, NULL, one_in_vain, NULL), "thread");
	in_vain();
	pthread_join(t, NULL);
}

static void by(const char *way, size_t n)
{
	if (!strncmp(way, "vfork", n))
		expect(!status_of(vfork_exec(program, truth, large)), "vfork");
	else if (!strncmp(way, "fork", n))
		by_fork();
	else if (!strncmp(way, "spawn", n))
		by_spawn();
	else if (!strncmp(way, "failed", n))
		in_vain();
	else if (!strncmp(way, "system", n))
		expect(!system("exec true"), "system");
	else if (!strncmp(way, "popen", n))
		expect(!pclose(popen("exec true", "r")), "popen");
	else if (!strncmp(way, "thread", n))
		beside_a_thread();
	else
		exit(125);
}

static void start(long count, const char *ways)
{
	const char *way = ways;

	for (; count > 0; count--) {
		size_t n = strcspn(way, ",");

		by(way, n);
		way = way[n] ? way + n + 1 : ways;
	}
}

int main(int argc, char **argv)
{
	long i, rss, mapped, files, threads;

	if (argc != 4)
		return 125;
	program = argv[3];
	for (i = 0; i < VARIABLES; i++)
		if (asprintf(&large[i], "VARIABLE_%ld=something", i) < 0)
			die("memory");
	leak_at(3);
	start(WARM, argv[2]);
	rss = status_line("VmRSS:");
	mapped = status_line("VmSize:");
	files = open_files();
	threads = status_line("Threads:");
	start(atol(argv[1]), argv[2]);
	rss = status_line("VmRSS:") - rss;
	mapped = status_line("VmSize:") - mapped;
	printf("memory %s, descriptors %+ld, threads %+ld, children %s\n",
	       rss < 256 && mapped < 1024 ? "steady" : "grows", open_files() - files,
	       status_line("Threads:") - threads,
	       waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD ? "none" : "left");
	if (rss >= 256 || mapped >= 1024)
		printf("%ld KiB more, %ld mapped, after %s\n", rss, mapped, argv[1]);
	return 0;
}
