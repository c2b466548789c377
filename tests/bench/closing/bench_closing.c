/*
 * bench_closing.c: fdfence_close_from() beside what else closes from a number; writes docs/closing.md.
 *
 *	bench_closing [-r ROUNDS] [-c COMMAND] [-d DIR] [-o FILE]
 *
 * -d DIR: where openssh.so and sudo.so lie, the replacements of these packages, and what is missing
 * is left out.  One process a row, which opens the same descriptors again before each turn; the
 * peers take turns, each round beginning with another one.  A ratio is taken within each round.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <fdfence.h>

#include "tests/helpers/surround.h"

#define ROUNDS_MAX 400
#define REPEAT_NS  200000 /* a turn repeats what is short */

typedef void close_fn(int);

static void ours(int low)
{
	fdfence_close_from(low);
}

static void loop(int low)
{
	for (int fd = low, end = (int)sysconf(_SC_OPEN_MAX); fd < end; fd++)
		close(fd);
}

/* As it is written everywhere. */
static void readdir_walk(int low)
{
	DIR *dir = opendir("/proc/self/fd");
	struct dirent *e;

	while (dir && (e = readdir(dir))) {
		int fd = atoi(e->d_name);

		if (fd >= low && fd != dirfd(dir))
			close(fd);
	}
	if (dir)
		closedir(dir);
}

static struct peer {
	const char *name;
	const char *file, *symbol; /* loaded from there; NULL: known */
	close_fn *fn;		   /* NULL: not to be had */
} peers[] = {
	{ "fdfence", NULL, NULL, ours },
	{ "glibc closefrom", NULL, NULL, closefrom },
	{ "libbsd closefrom", "libbsd.so.0", "closefrom", NULL },
	{ "openssh", "openssh.so", "bench_closefrom", NULL },
	{ "sudo", "sudo.so", "sudo_closefrom", NULL },
	{ "readdir walk", NULL, NULL, readdir_walk },
	{ "loop", NULL, NULL, loop },
};
enum { PEERS = sizeof peers / sizeof *peers };

static const struct row {
	const char *name;
	int fds; /* dense, from 3 on; 0: three, spread to the limit */
	bool denied;
} rows[] = {
	{ "4", 4, false },
	{ "64", 64, false },
	{ "1,000", 1000, false },
	{ "20,000", 20000, false },
	{ "3, sparse", 0, false },
	{ "4, close_range denied", 4, true },
	{ "64, close_range denied", 64, true },
	{ "1,000, close_range denied", 1000, true },
	{ "20,000, close_range denied", 20000, true },
	{ "3, sparse, close_range denied", 0, true },
};
enum { ROWS = sizeof rows / sizeof *rows };

/* Written by the process of a row. */
struct result {
	int rounds;
	double ns[PEERS][ROUNDS_MAX];
};

static int rounds = 40, limit;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench_closing: %s: %s\n", what, strerror(errno));
	exit(2);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static void open_all(const struct row *row)
{
	int n = row->fds ? row->fds : 3;

	for (int i = 0; i < n; i++) {
		int to = row->fds ? 3 + i : limit / 3 * (i + 1) - 1;

		if (dup2(0, to) != to)
			die("dup2");
	}
}

/* Once; ns. */
static double time_of(const struct row *row, close_fn *fn)
{
	int last = row->fds ? row->fds + 2 : limit / 3 * 3 - 1;
	double t;

	open_all(row);
	t = now();
	fn(3);
	t = now() - t;
	if (fcntl(3, F_GETFD) >= 0 || fcntl(last, F_GETFD) >= 0) {
		fprintf(stderr, "bench_closing: %s: not all was closed\n", row->name);
		exit(2);
	}
	return t;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(const double *v, int n)
{
	double s[ROUNDS_MAX];

	memcpy(s, v, (size_t)n * sizeof *s);
	qsort(s, (size_t)n, sizeof *s, by_size);
	return (s[(n - 1) / 2] + s[n / 2]) / 2;
}

/* The median of a few repetitions. */
static double turn(const struct row *row, close_fn *fn)
{
	double t[ROUNDS_MAX], spent = 0;
	int n = 0;

	while (n < 3 || (n < 41 && spent < REPEAT_NS)) {
		t[n] = time_of(row, fn);
		spent += t[n++];
	}
	return median(t, n);
}

/* Alone on its processor, where that is allowed. */
static void stay(void)
{
	const struct sched_param high = { .sched_priority = 10 };
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	sched_setaffinity(0, sizeof one, &one);
	sched_setscheduler(0, SCHED_FIFO, &high);
}

static _Noreturn void measure(const struct row *row, struct result *to)
{
	char *deny[] = { "deny=close_range:EPERM", NULL };

	stay();
	if (row->denied)
		surround(deny);
	for (int p = 0; p < PEERS; p++)
		if (peers[p].fn)
			time_of(row, peers[p].fn);
	for (int r = 0; r < rounds; r++) {
		for (int k = 0; k < PEERS; k++) {
			int p = (k + r) % PEERS;

			if (peers[p].fn)
				to->ns[p][r] = turn(row, peers[p].fn);
		}
		to->rounds = r + 1;
	}
	_exit(0);
}

static void load(const char *dir)
{
	for (int p = 0; p < PEERS; p++) {
		char path[4096];
		void *object;

		if (!peers[p].file)
			continue;
		snprintf(path, sizeof path, "%s/%s", dir, peers[p].file);
		object = dlopen(strncmp(peers[p].file, "lib", 3) ? path : peers[p].file, RTLD_NOW);
		if (object)
			peers[p].fn = (close_fn *)dlsym(object, peers[p].symbol);
		if (!peers[p].fn)
			fprintf(stderr, "bench_closing: %s is left out: %s\n", peers[p].name,
				dlerror());
	}
}

static void head(FILE *f, const char *command)
{
	struct utsname u;
	double load_now = 0;

	uname(&u);
	getloadavg(&load_now, 1);
	fprintf(f,
		"# Closing from a number\n\n"
		"`fdfence_close_from()` beside glibc's and libbsd's `closefrom()`, the "
		"replacements "
		"that openssh and sudo bring\n(compiled from their sources), a readdir walk of "
		"/proc/self/fd, and the loop up to the limit. Medians in µs; the\nratio is ours to "
		"the best of the others, taken within each round: the goal is 1.02 or less.\n\n"
		"Where close_range is to be had, all but the walk and the loop take it.\n\n"
		"Machine: Linux %s, %s; limit of open files %d; load %.1f.\n\nCommand: `%s`\n\n"
		"| open |",
		u.release, u.machine, limit, load_now, command);
	for (int p = 0; p < PEERS; p++)
		fprintf(f, " %s |", peers[p].name);
	fprintf(f, " ratio | |\n|---|");
	for (int p = 0; p < PEERS; p++)
		fprintf(f, "---:|");
	fprintf(f, "---|---|\n");
}

static void report(FILE *f, const struct row *row, const struct result *r)
{
	double us[PEERS], ratio[ROUNDS_MAX], mid;
	int best = 0;

	fprintf(f, "| %s |", row->name);
	for (int p = 0; p < PEERS; p++) {
		us[p] = median(r->ns[p], r->rounds) / 1000;
		if (peers[p].fn)
			fprintf(f, " %.2f |", us[p]);
		else
			fprintf(f, " |");
		if (p && peers[p].fn && (!best || us[p] < us[best]))
			best = p;
	}
	for (int i = 0; i < r->rounds; i++)
		ratio[i] = r->ns[0][i] / r->ns[best][i];
	mid = median(ratio, r->rounds);
	fprintf(f, " %.3fx of %s | %s |\n", mid, peers[best].name,
		mid <= 0.98   ? "first"
		: mid <= 1.02 ? "level"
			      : "**behind**");
}

/* The middle of many calls that touch nothing; ns. */
static double time_of_call(long (*call)(void))
{
	double t[ROUNDS_MAX];

	for (int i = 0; i < ROUNDS_MAX; i++) {
		t[i] = now();
		for (int k = 0; k < 100; k++)
			call();
		t[i] = (now() - t[i]) / 100;
	}
	return median(t, ROUNDS_MAX);
}

static long asks_nothing(void)
{
	return fcntl(63, F_GETFD);
}

/* As fdtab.c asks: EBADF says that the table has the place. */
static long asks_size(void)
{
	struct timeval soon = { 0, 0 };
	fd_set set;

	FD_ZERO(&set);
	FD_SET(64, &set);
	return select(65, &set, NULL, NULL, &soon);
}

/* Why ours stays behind where a large table is nearly empty. */
static void bound(FILE *f, double first_row)
{
	fprintf(f,
		"\nThe sparse row: close_range looks at each place of the table, which Linux has "
		"mended\n(fs/file.c, commit fc94368bcee5 of 2026), and the walk does not. To know "
		"such a table from others takes one more\nsystem call at least, and that before it "
		"is known that few are open: the cheapest there is takes %.0f ns, the\ncheapest "
		"that "
		"tells the size of the table (select) %.0f ns, and 2 %% of the first row are "
		"%.0f ns.\n",
		time_of_call(asks_nothing), time_of_call(asks_size), first_row / 50);
}

int main(int argc, char **argv)
{
	const char *out = NULL, *dir = ".", *command = "bench_closing";
	struct rlimit r;
	FILE *f = stdout;
	double first_row = 0;
	int c;

	while ((c = getopt(argc, argv, "r:c:d:o:")) != -1)
		switch (c) {
		case 'r':
			rounds = atoi(optarg);
			break;
		case 'c':
			command = optarg;
			break;
		case 'd':
			dir = optarg;
			break;
		case 'o':
			out = optarg;
			break;
		default:
			return 2;
		}
	if (rounds < 1 || rounds > ROUNDS_MAX) {
		fprintf(stderr, "bench_closing: -r: from 1 to %d\n", ROUNDS_MAX);
		return 2;
	}
	fdfence_close_from(3);
	getrlimit(RLIMIT_NOFILE, &r);
	r.rlim_cur = r.rlim_max < 20003 ? r.rlim_max : 20003;
	setrlimit(RLIMIT_NOFILE, &r);
	limit = (int)r.rlim_cur;
	load(dir);
	if (out && !(f = fopen(out, "we")))
		die(out);
	head(f, command);
	for (size_t i = 0; i < ROWS; i++) {
		struct row row = rows[i];
		struct result *to = mmap(NULL, sizeof *to, PROT_READ | PROT_WRITE,
					 MAP_SHARED | MAP_ANONYMOUS, -1, 0);
		int status;

		if (row.fds > limit - 16) /* most need a number for the directory */
			row.fds = limit - 16;
		fflush(f);
		if (to == MAP_FAILED)
			die("mmap");
		if (fork() == 0)
			measure(&row, to);
		if (wait(&status) < 0 || status)
			return 2;
		report(f, &row, to);
		if (i == 0)
			first_row = median(to->ns[0], to->rounds);
		munmap(to, sizeof *to);
	}
	bound(f, first_row);
	return fflush(f) || ferror(f) ? 2 : 0;
}
