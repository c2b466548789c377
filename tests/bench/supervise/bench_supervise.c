/*
 * bench_supervise: what a supervisor costs, beside nobody, strace and bare ptrace events.
 *
 *	bench_supervise [-r ROUNDS] [-c COMMAND] [-o FILE]
 *
 * One worker a peer (tests/bench/worker.c), all alive at once, asked in turn: the peers of a round have
 * the same neighbours, so that ratios are taken round by round.  FDF_BUILD is the build directory.
 */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/bench/bench.h"
#include "tests/bench/supervise/parts.h"

#define ROUNDS_MAX 1000
#define WORDS	   16

enum peer { NOBODY, AGAIN, LIBRARY, COVERED, SUPERVISED, FOREIGN, STRACE, EVENTS, PEERS };

/* %: the build directory. */
static const struct {
	const char *name;
	const char *words[WORDS];
} peers[PEERS] = {
	[NOBODY] = { "nobody", { NULL } },
	[AGAIN] = { "nobody again", { NULL } },
	[LIBRARY] = { "the library", { "%/fdfence", "run", "-q", "--", NULL } },
	[COVERED] = { "auto, covered",
		      { "%/fdfence", "run", "-q", "--supervise=auto", "--", NULL } },
	[SUPERVISED] = { "supervised", { "%/fdfence", "run", "-q", "--supervise", "--", NULL } },
	[FOREIGN] = { "supervised, under a filter of others",
		      { "%/fdfence", "run", "-q", "--supervise", "--",
			"%/tests/helpers/supervise/filters", "none", "TRACE", NULL } },
	[STRACE] = { "strace --seccomp-bpf",
		     { "/usr/bin/strace", "-f", "--seccomp-bpf", "-e", "trace=execve,execveat",
		       "-o", "/dev/null", NULL } },
	[EVENTS] = { "ptrace events", { "%/tests/bench/supervise/events", NULL } },
};

static const struct {
	const char *name;
	struct ask ask;
	bool call; /* nanoseconds more a call; else times as much */
} rows[] = {
	{ "a static program, nothing leaks", { VFORK_STATIC, 0, 3, 20 }, false },
	{ "a static program, 5 leaks", { VFORK_STATIC, 0, 8, 20 }, false },
	{ "a static program, 1,000 leaks", { VFORK_STATIC, 0, 1003, 20 }, false },
	{ "/bin/true by fork, 5 leaks", { FORK_TRUE, 0, 8, 20 }, false },
	{ "close (1,000 calls of it)", { CLOSE, 0, 3, 5 }, true },
	{ "fcntl(F_GETFD)", { GETFD, 0, 3, 5 }, true },
	{ "dup2 above stdio", { DUP2, 0, 3, 3 }, true },
};

static struct {
	pid_t pid;
	int to, from;
} workers[PEERS];

static void fail(const char *what)
{
	fprintf(stderr, "bench_supervise: %s: %s\n", what, strerror(errno));
	exit(2);
}

static char *in_build(const char *word)
{
	char *text = NULL;

	if (*word != '%')
		return strdup(word);
	if (asprintf(&text, "%s%s", getenv("FDF_BUILD") ? getenv("FDF_BUILD") : "build", word + 1) <
	    0)
		fail("memory");
	return text;
}

static void start(enum peer p)
{
	static char *const env[] = { "PATH=/usr/bin:/bin", "LC_ALL=C", NULL };
	posix_spawn_file_actions_t fa;
	char *argv[WORDS + 3];
	int in[2], out[2], n = 0;

	for (; peers[p].words[n]; n++)
		argv[n] = in_build(peers[p].words[n]);
	argv[n++] = in_build("%/tests/bench/bench");
	argv[n++] = "worker";
	argv[n] = NULL;
	if (pipe2(in, O_CLOEXEC) || pipe2(out, O_CLOEXEC))
		fail("pipe2");
	posix_spawn_file_actions_init(&fa);
	posix_spawn_file_actions_adddup2(&fa, in[0], 0);
	posix_spawn_file_actions_adddup2(&fa, out[1], 1);
	errno = posix_spawn(&workers[p].pid, argv[0], &fa, NULL, argv, env);
	if (errno)
		fail(argv[0]);
	close(in[0]);
	close(out[1]);
	workers[p].to = in[1];
	workers[p].from = out[0];
}

static double ask(enum peer p, const struct ask *a)
{
	struct answer r;

	if (write(workers[p].to, a, sizeof(*a)) != sizeof(*a) ||
	    read(workers[p].from, &r, sizeof(r)) != sizeof(r))
		fail(peers[p].name);
	return (double)r.ns;
}

static int by_size(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double part(const double *v, int n, int percent)
{
	double s[ROUNDS_MAX];

	memcpy(s, v, (size_t)n * sizeof(*s));
	qsort(s, (size_t)n, sizeof(*s), by_size);
	return s[(n - 1) * percent / 100];
}

static void row(FILE *to, size_t which, int rounds)
{
	static double ns[PEERS][ROUNDS_MAX];
	double v[ROUNDS_MAX];

	for (enum peer p = 0; p < PEERS; p++)
		ask(p, &rows[which].ask);
	for (int i = 0; i < rounds; i++)
		for (int k = 0; k < PEERS; k++)
			ns[(k + i) % PEERS][i] =
				ask((enum peer)((k + i) % PEERS), &rows[which].ask);
	fprintf(to, "| %s | %.1f us |", rows[which].name,
		part(ns[NOBODY], rounds, 50) / (rows[which].call ? 1000 * CALLS : 1000));
	for (enum peer p = AGAIN; p < PEERS; p++) {
		for (int i = 0; i < rounds; i++)
			v[i] = rows[which].call ? (ns[p][i] - ns[NOBODY][i]) / CALLS
						: ns[p][i] / ns[NOBODY][i];
		if (rows[which].call)
			fprintf(to, " %+.0f ns |", part(v, rounds, 50));
		else
			fprintf(to, " %.2fx (%.2f to %.2f) |", part(v, rounds, 50),
				part(v, rounds, 25), part(v, rounds, 75));
	}
	fputc('\n', to);
	fflush(to);
}

static void columns(FILE *to)
{
	for (enum peer p = AGAIN; p < PEERS; p++)
		fprintf(to, " %s |", peers[p].name);
	fputs("\n|---|---|", to);
	for (enum peer p = AGAIN; p < PEERS; p++)
		fputs("---|", to);
	fputc('\n', to);
}

static void head(FILE *to, const char *command, int rounds)
{
	struct utsname u;

	uname(&u);
	fprintf(to,
		"# What a supervisor costs\n\nWritten by `%s`; Linux %s, %s, %ld processors. The "
		"peers take "
		"turns, %d rounds; each figure is the median of what a round says against nobody "
		"in the "
		"same round, with its quartiles. `nobody again` is the noise.\n\n",
		command, u.release, u.machine, sysconf(_SC_NPROCESSORS_ONLN), rounds);
	fputs("Programs are started and awaited by a dynamic program without the library (`the "
	      "library` and "
	      "`auto, covered`: with it).\n\n|  | nobody |",
	      to);
	columns(to);
}

static void start_all(void)
{
	for (enum peer p = 0; p < PEERS; p++)
		start(p);
}

static void end_all(void)
{
	for (enum peer p = 0; p < PEERS; p++) {
		close(workers[p].to);
		close(workers[p].from);
		waitpid(workers[p].pid, NULL, 0);
	}
}

/* Execs alone: no neighbour comes between, and who is woken goes to whatever processor is free. */
static void real_time(FILE *to, int rounds)
{
	struct sched_param first = { .sched_priority = 1 }, none = { .sched_priority = 0 };

	if (sched_setscheduler(0, SCHED_RR, &first)) {
		fprintf(to, "\nWith real-time priority (SCHED_RR): not allowed here.\n");
		return;
	}
	fputs("\nThe same with real-time priority (SCHED_RR), where no neighbour comes between:\n\n"
	      "|  | nobody |",
	      to);
	columns(to);
	start_all();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows) && !rows[i].call; i++)
		row(to, i, rounds);
	end_all();
	sched_setscheduler(0, SCHED_OTHER, &none);
}

int main(int argc, char **argv)
{
	const char *command = "bench_supervise";
	FILE *to = stdout;
	int rounds = 60, c;

	while ((c = getopt(argc, argv, "r:c:o:")) != -1) {
		if (c == 'r')
			rounds = atoi(optarg) < ROUNDS_MAX ? atoi(optarg) : ROUNDS_MAX;
		else if (c == 'c')
			command = optarg;
		else if (c == 'o' && !(to = fopen(optarg, "w")))
			fail(optarg);
	}
	head(to, command, rounds);
	start_all();
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		row(to, i, rounds);
	end_all();
	real_time(to, rounds);
	parts_table(to);
	return fclose(to) ? 2 : 0;
}
