/*
 * bench_exec.c: what the system calls take that stand around an exec; writes docs/exec-cost.md.
 *
 *	bench_exec [-r ROUNDS] [-c COMMAND] [-o FILE]
 *
 * Each is made in a vfork child before the exec of a static program that ends at once, as often as
 * the fence makes it, and by the number: no libc is in the way, and what the call leaves for the
 * exec or the exit to do is counted too.  They take turns, an exec each, every round beginning with
 * another one; a figure is the median of all execs with the call less that of those without.
 */
#include <fcntl.h>
#include <sched.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/exec/text.h"

#define ROUNDS_MAX 20000
#define NOWHERE	   (-4096L) /* an address that no process has */
#define PLACES	   64	    /* of the smallest table */
#define LEAKS	   7
#define MANY	   1000
#define MORE	   5000
#define MOST	   19900 /* of the 20,000 that a limit often allows */

extern char **environ;

static char program[4096 + 64];
static char *const args[] = { "noop", NULL };

static void nothing(void)
{
}

static void stat_directory(void)
{
	struct stat st;

	syscall(SYS_newfstatat, AT_FDCWD, "/proc/self/fd", &st, 0);
}

static void try_places(void)
{
	for (int fd = 3 + LEAKS; fd < PLACES; fd++)
		syscall(SYS_fcntl, fd, F_GETFD);
}

static void ask_size(void)
{
	struct timeval now = { 0, 0 };
	fd_set set;

	FD_ZERO(&set);
	FD_SET(PLACES, &set);
	syscall(SYS_fcntl, PLACES, F_GETFD);
	syscall(SYS_select, PLACES + 1, &set, NULL, NULL, &now);
}

static void fail(void)
{
	syscall(SYS_execve, program, NOWHERE, environ);
}

static void look(void)
{
	struct flock lock = { .l_type = F_WRLCK };
	char head[1024];
	int fd = (int)syscall(SYS_openat, AT_FDCWD, program, O_RDONLY | O_CLOEXEC, 0);

	syscall(SYS_pread64, fd, head, sizeof head, 0);
	syscall(SYS_fcntl, fd, F_OFD_GETLK, &lock);
	syscall(SYS_close, fd);
}

static void flags(void)
{
	for (int fd = 3; fd < 3 + LEAKS; fd++)
		syscall(SYS_fcntl, fd, F_GETFD);
}

static void files(void)
{
	struct stat st;

	for (int fd = 3; fd < 3 + LEAKS; fd++)
		syscall(SYS_fstat, fd, &st);
}

static void locks(void)
{
	struct flock lock = { .l_type = F_WRLCK };

	for (int fd = 0; fd < 3; fd++)
		syscall(SYS_fcntl, fd, F_OFD_GETLK, &lock);
}

static void alone(void)
{
	syscall(SYS_unshare, CLONE_SIGHAND);
}

static void readable(void)
{
	for (int i = 0; i < 3; i++)
		syscall(SYS_rt_sigprocmask, -1, program, NULL, 8);
}

static void mark(void)
{
	syscall(SYS_close_range, 3, ~0u, CLOSE_RANGE_UNSHARE | CLOSE_RANGE_CLOEXEC);
}

static int wait_for_ever(void *unused)
{
	for (;;)
		syscall(SYS_ppoll, NULL, 0, NULL, NULL, 0);
	return unused != NULL;
}

static void park(void)
{
	static char stack[4096] __attribute__((aligned(16)));

	clone(wait_for_ever, stack + sizeof stack,
	      CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM,
	      NULL);
	syscall(SYS_close_range, 3, ~0u, CLOSE_RANGE_UNSHARE);
}

static void handlers(void)
{
	long old[8];

	for (int sig = 1; sig <= 64; sig++)
		syscall(SYS_rt_sigaction, sig, NULL, old, 8);
}

static void stat_program(void)
{
	struct stat st;

	syscall(SYS_newfstatat, AT_FDCWD, program, &st, 0);
}

static void way(void)
{
	struct {
		uint64_t flags, mode, resolve;
	} how = { O_PATH | O_CLOEXEC | O_DIRECTORY, 0, 2 /* RESOLVE_NO_MAGICLINKS */ };

	syscall(SYS_openat2, AT_FDCWD, program, &how, sizeof how);
}

#define TRIED "(tried, see below)"

static const struct piece {
	void (*run)(void);
	int open;
	const char *what, *buys;
} pieces[] = {
	{ nothing, 3 + LEAKS, "", "" },
	{ readable, 3 + LEAKS, "3 x rt_sigprocmask with no such way",
	  "a bad pointer gives EFAULT, as without the fence, and no SIGSEGV in the hook" },
	{ alone, 3 + LEAKS, "unshare(CLONE_SIGHAND)",
	  "that nobody else runs in this process is the kernel's word: workers of io_uring and "
	  "threads "
	  "of another libc count" },
	{ ask_size, 3 + LEAKS, "fcntl and select on place 64",
	  "the table has 64 places, so that the next row can do without /proc" },
	{ try_places, 3 + LEAKS, "F_GETFD on 54 closed numbers", "nothing hides behind a gap" },
	{ stat_directory, 3 + LEAKS, "stat of /proc/self/fd",
	  "(the same where the table is larger; the older shim did this at every exec and start)" },
	{ stat_program, 3 + LEAKS, "newfstatat of the program",
	  "an exec of what is not there, or may not be run, touches nothing" },
	{ look, 3 + LEAKS, "openat, pread64, F_OFD_GETLK and close of the program",
	  "a file that cannot be run is refused before anything is marked, and no lock on it is "
	  "lost (left out for a child of vfork() with a table of 64 places, which puts all back)" },
	{ fail, 3 + LEAKS, "execve with arguments that are nowhere",
	  "so is all that the kernel finds before it reads the file (left out as well)" },
	{ flags, 3 + LEAKS, "7 x F_GETFD on a leak",
	  "what is put back if the exec fails all the same" },
	{ files, 3 + LEAKS, "7 x fstat on a leak",
	  "... and only where the number is still that file: a signal handler may have opened "
	  "another" },
	{ handlers, 3 + LEAKS, "64 x rt_sigaction", "(tried, see below)" },
	{ locks, 3 + LEAKS, "3 x F_OFD_GETLK",
	  "a POSIX lock that a kept descriptor carries is not dropped with a leak of the same "
	  "file" },
	{ mark, 3 + LEAKS, "close_range(3, ~0, UNSHARE, CLOEXEC), 7 leaks", "the seal" },
	{ way, 3 + LEAKS, "openat2 without magic links",
	  "a script behind a link into /proc/self/fd is found (posix_spawn: only where the exec "
	  "without the table fails, or something that was looked at is sealed)" },
	{ nothing, MANY, "", "" },
	{ mark, MANY, "close_range(3, ~0, UNSHARE, CLOEXEC), 997 leaks",
	  "the seal: the kernel closes at the exec what would have been closed at the exit" },
	{ park, MANY, "clone of a thread, close_range(3, ~0, UNSHARE), 997 leaks", TRIED },
	{ nothing, MORE, "", "" },
	{ mark, MORE, "close_range(3, ~0, UNSHARE, CLOEXEC), 4,997 leaks", "the seal" },
	{ park, MORE, "clone of a thread, close_range(3, ~0, UNSHARE), 4,997 leaks", TRIED },
	{ nothing, MOST, "", "" },
	{ mark, MOST, "close_range(3, ~0, UNSHARE, CLOEXEC), 19,897 leaks", "the seal" },
	{ park, MOST, "clone of a thread, close_range(3, ~0, UNSHARE), 19,897 leaks", TRIED },
};
#define PIECES (sizeof pieces / sizeof *pieces)

static float took[PIECES][ROUNDS_MAX];

static void die(const char *what)
{
	perror(what);
	exit(2);
}

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static void have_open(int n)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max;
	setrlimit(RLIMIT_NOFILE, &limit);
	if (close_range((unsigned)n, ~0u, 0) < 0)
		die("close_range");
	for (int fd = 3; fd < n; fd++)
		if (fcntl(fd, F_GETFD) < 0 && dup2(2, fd) != fd)
			die("dup2");
}

static float once(const struct piece *p)
{
	double begin;
	int status;
	pid_t pid;

	begin = now_us();
	pid = vfork();
	if (pid == 0) {
		p->run();
		syscall(SYS_execve, program, args, environ);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid || status)
		die(program);
	return (float)(now_us() - begin);
}

static int compare(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void stay_here(void)
{
	struct sched_param first = { .sched_priority = 1 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof one, &one);
	sched_setscheduler(0, SCHED_FIFO, &first); /* where that is allowed */
}

static int rounds_of(const struct piece *p, int rounds)
{
	return p->open > MANY ? (rounds + 9) / 10 : rounds;
}

/* Those from first to end take turns. */
static void take_turns(size_t first, size_t end, int rounds)
{
	rounds = rounds_of(&pieces[first], rounds);
	have_open(pieces[first].open);
	for (int r = 0; r < rounds; r++)
		for (size_t i = 0; i < end - first; i++) {
			size_t p = first + (i + (size_t)r) % (end - first);

			took[p][r] = once(&pieces[p]);
		}
	for (size_t p = first; p < end; p++)
		qsort(took[p], (size_t)rounds, sizeof(float), compare);
}

static void measure(int rounds)
{
	size_t first = 0;

	stay_here();
	for (size_t p = 1; p <= PIECES; p++)
		if (p == PIECES || pieces[p].open != pieces[first].open) {
			take_turns(first, p, rounds);
			first = p;
		}
}

static void report(FILE *f, const char *command, double load, int rounds)
{
	size_t base = 0;

	exec_cost_head(f, command, load);
	for (size_t p = 0; p < PIECES; p++) {
		size_t middle = (size_t)rounds_of(&pieces[p], rounds) / 2;

		if (pieces[p].run == nothing)
			base = p;
		else
			fprintf(f, "| %s | %.1f | %s |\n", pieces[p].what,
				(double)(took[p][middle] - took[base][middle]), pieces[p].buys);
	}
	exec_cost_tail(f);
}

static void find_program(void)
{
	ssize_t n = readlink("/proc/self/exe", program, 4096);

	while (n > 0 && program[n - 1] != '/')
		n--;
	strcpy(program + (n > 0 ? n : 0), "noop");
	if (access(program, X_OK))
		die(program);
}

int main(int argc, char **argv)
{
	const char *command = "bench_exec", *out = NULL;
	int rounds = 3000, c;
	double load = 0;
	FILE *f = stdout;

	while ((c = getopt(argc, argv, "r:c:o:")) != -1)
		if (c == 'r')
			rounds = atoi(optarg);
		else if (c == 'c')
			command = optarg;
		else if (c == 'o')
			out = optarg;
		else
			return 2;
	if (rounds < 1 || rounds > ROUNDS_MAX)
		return 2;
	find_program();
	getloadavg(&load, 1);
	measure(rounds);
	if (out && !(f = fopen(out, "w")))
		die(out);
	report(f, command, load, rounds);
	return fclose(f) ? 2 : 0;
}
