/* report.c: docs/performance.md. */
#include <gnu/libc-version.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tests/bench/driver.h"

static const char intro[] =
	"# Performance\n\n"
	"Written by the command below; the sources are in tests/bench/. One worker process a peer: "
	"the same program\nwith another preload around it. They take turns, a few repetitions "
	"each, "
	"every round beginning with another one.\nTimes are medians; a ratio or difference is "
	"taken "
	"within each round, between peers that had the same neighbours,\nand shown as its median "
	"and "
	"its [quartiles]. What is short runs on one processor and, where that is allowed,\nunder "
	"SCHED_FIFO; real work runs as it is.\n\n";

static const char peers_text[] =
	"\nPeers: **no preload**; **empty, raw**: an object that does nothing, linked as the shim "
	"is; "
	"**empty, gcc -shared**:\nthe same as gcc links it by default; **snoopy**: Debian's "
	"package, "
	"unpacked, without configuration; **conventional**:\ntests/bench/conventional.c, which "
	"hooks "
	"with dlsym, walks /proc/self/fd before each exec and sets close-on-exec;\n**strace**: "
	"`strace -f --seccomp-bpf -e trace=execve,execveat` around the worker; **fdfence**: the "
	"shim, "
	"default settings.\n";

#define ROUNDS_TO_COMPARE 10

static double call_ns(void)
{
	uint64_t t = now_ns();

	for (int i = 0; i < 20000; i++)
		syscall(SYS_getppid);
	return (double)(now_ns() - t) / 20000;
}

static double fault_us(void)
{
	enum { pages = 256, size = 4096 };
	char *m = mmap(NULL, pages * size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1,
		       0);
	uint64_t t = now_ns();

	if (m == MAP_FAILED)
		die("mmap");
	for (int i = 0; i < pages; i++)
		m[i * size] = 1;
	t = now_ns() - t;
	munmap(m, pages * size);
	return (double)t / pages / 1000;
}

static void machine(FILE *f)
{
	struct utsname u;
	double load = 0;

	uname(&u);
	getloadavg(&load, 1); /* of the last minute: the neighbours, and the benchmark itself */
	fprintf(f,
		"Machine: Linux %s, %s, %ld processors, glibc %s; one system call takes %.2f µs "
		"here, one page fault %.1f µs; load %.1f.\n\n",
		u.release, u.machine, sysconf(_SC_NPROCESSORS_ONLN), gnu_get_libc_version(),
		call_ns() / 1000, fault_us(), load);
	fprintf(f, "Command: `%s`\n\n", options.command);
}

static const char *unit(enum measure m)
{
	return m == TIMES ? "x" : m == PLUS_US ? " µs" : " ns";
}

static int digits(enum measure m)
{
	return m == TIMES ? 3 : 1;
}

static void verdict(FILE *f, struct spread s, double limit, enum measure m)
{
	double by = s.mid - limit;

	if (by <= 0)
		fprintf(f, "met");
	else if (m == TIMES)
		fprintf(f, "**not met**, by %.1f %%", by / limit * 100);
	else
		fprintf(f, "**not met**, by %.1f%s", by, unit(m));
	if (by > 0 && s.low <= limit)
		fprintf(f, " (within the spread)");
}

static void goal_line(FILE *f, const struct row *row, const struct result *r, const struct goal *g,
		      bool cpu)
{
	const double *a = cpu ? r->cpu[FENCE] : r->ns[FENCE];
	const double *b = cpu ? r->cpu[g->against] : r->ns[g->against];
	struct spread s = compared(a, b, r->rounds, g->measure);
	int d = digits(g->measure);

	fprintf(f, "| %s%s | %s | ≤ %s%g%s | %.*f%s | [%.*f, %.*f] | ", row->name,
		cpu ? ", processor time" : "", peers[g->against].name,
		g->measure == TIMES ? "" : "+", g->limit, unit(g->measure), d, s.mid,
		unit(g->measure), d, s.low, d, s.high);
	verdict(f, s, g->limit, g->measure);
	fprintf(f, " | %d |\n", r->rounds);
}

static void goals(FILE *f, const struct result *results)
{
	fprintf(f, "## Goals\n\n| measure | against | goal | measured | quartiles | | rounds |\n"
		   "|---|---|---|---|---|---|---|\n");
	for (int i = 0; i < nrows; i++)
		for (int k = 0; k < 2 && results[i].rounds; k++) {
			const struct goal *g = &rows[i].goals[k];

			if (g->limit <= 0)
				continue;
			goal_line(f, &rows[i], &results[i], g, false);
			if (rows[i].ask.work == SCRIPT)
				goal_line(f, &rows[i], &results[i], g, true);
		}
}

/* No row is to be worse than it was, by more than its spread. */
static void beside_before(FILE *f, const struct result *results)
{
	const char *slash = have_peer(BEFORE) ? strrchr(options.before, '/') : NULL;

	if (!have_peer(BEFORE))
		return;
	fprintf(f,
		"\n## Beside an older shim\n\n%s. Worse: by more than the spread; nothing is said "
		"of "
		"fewer than %d rounds. What makes a row worse, and what for: "
		"[exec-cost.md](exec-cost.md).\n\n"
		"| measure | before, µs | now, µs | ratio | quartiles | | rounds "
		"|\n|---|---|---|---|---|---|---|\n",
		slash ? slash + 1 : options.before, ROUNDS_TO_COMPARE);
	for (int i = 0; i < nrows; i++) {
		const struct result *r = &results[i];
		struct spread s;

		if (!r->rounds)
			continue;
		s = compared(r->ns[FENCE], r->ns[BEFORE], r->rounds, TIMES);
		fprintf(f, "| %s | %.2f | %.2f | %.3fx | [%.3f, %.3f] | %s | %d |\n", rows[i].name,
			spread_of(r->ns[BEFORE], r->rounds).mid / 1000,
			spread_of(r->ns[FENCE], r->rounds).mid / 1000, s.mid, s.low, s.high,
			r->rounds < ROUNDS_TO_COMPARE ? ""
			: s.low > 1		      ? "**worse**"
			: s.high < 1		      ? "better"
						      : "level",
			r->rounds);
	}
}

/* The columns of a section: those of any of its rows. */
static unsigned columns(const char *section)
{
	unsigned all = 0;

	for (int i = 0; i < nrows; i++)
		if (!strcmp(rows[i].section, section))
			all |= rows[i].peers;
	return all;
}

static void header(FILE *f, const char *section, const char *of)
{
	unsigned all = columns(section);

	fprintf(f, "\n## %s\n\n%s\n\n| |", section, of);
	for (enum peer p = 0; p < PEERS; p++)
		if (all & 1u << p)
			fprintf(f, " %s |", peers[p].name);
	fprintf(f, "\n|---|");
	for (enum peer p = 0; p < PEERS; p++)
		if (all & 1u << p)
			fprintf(f, "---|");
	fprintf(f, "\n");
}

static void line(FILE *f, const struct row *row, const struct result *r)
{
	bool call = row->ask.work >= GETFD && row->ask.work <= CLOSE;
	double base = spread_of(r->ns[row->peers & 1 ? NONE : MINIMAL], r->rounds).mid;
	unsigned all = columns(row->section);

	fprintf(f, "| %s |", row->name);
	for (enum peer p = 0; p < PEERS; p++) {
		double t = spread_of(r->ns[p], r->rounds).mid;

		if (!(all & 1u << p))
			continue;
		if (t > 0)
			fprintf(f, " %.*f (%.3fx) |", t < 1e7, call ? t : t / 1000, t / base);
		else
			fprintf(f, " %s |", row->peers & 1u << p ? "not here" : "");
	}
	fprintf(f, "\n");
}

static void sections(FILE *f, const struct result *results)
{
	const char *last = "";

	for (int i = 0; i < nrows; i++) {
		bool call = rows[i].ask.work >= GETFD && rows[i].ask.work <= CLOSE;

		if (!results[i].rounds)
			continue;
		if (strcmp(last, rows[i].section))
			header(f, rows[i].section,
			       call ? "Median, ns a call (and of the first column)."
				    : "Median, µs (and of the first column).");
		last = rows[i].section;
		line(f, &rows[i], &results[i]);
	}
}

static void counts_line(FILE *f, const char *name, enum work work)
{
	fprintf(f, "| %s |", name);
	for (enum peer p = 0; p <= FENCE; p++) {
		struct counts c;

		if (p == STRACE)
			continue;
		if (!have_peer(p)) {
			fprintf(f, " not here |");
			continue;
		}
		c = work == VFORK_TRUE ? count_start(p) : count_work(p, work);
		fprintf(f, " %ld / %ld", c.instructions, c.calls);
		if (c.faults >= 0)
			fprintf(f, " / %ld", c.faults);
		fprintf(f, " |");
	}
	fprintf(f, "\n");
}

static void counts(FILE *f)
{
	fprintf(f, "\n## What repeats\n\nInstructions in user mode / system calls / page faults, "
		   "counted "
		   "by single steps (ptrace): parent and child together.\n\n| |");
	for (enum peer p = 0; p <= FENCE; p++)
		if (p != STRACE)
			fprintf(f, " %s |", peers[p].name);
	fprintf(f, "\n|---|---|---|---|---|---|---|\n");
	end_workers(); /* who counts waits for all children */
	stay(true);
	counts_line(f, "start of /bin/true, from exec to exit", VFORK_TRUE);
	counts_line(f, "vfork and exec of a static no-op", VFORK_STATIC);
	counts_line(f, "posix_spawn of a static no-op", SPAWN_STATIC);
	stay(false);
}

static void closing_line(FILE *f, bool exec, int fds)
{
	static struct closing_result r;

	measure_closing(exec, fds, &r);
	fprintf(f, "| %d, %s |", fds, exec ? "exec" : "in place");
	for (int how = 0; how <= CLOSINGS; how++) {
		if (r.us[how].mid > 0)
			fprintf(f, " %.2f |", r.us[how].mid);
		else
			fprintf(f, " |");
	}
	fprintf(f, " %.3fx of %s [%.3f, %.3f], %s |\n", r.ratio.mid, closings[r.best], r.ratio.low,
		r.ratio.high, r.ratio.mid < 1 ? "first" : "**not first**");
}

static void closing(FILE *f)
{
	fprintf(f,
		"\n## Closing all above 2\n\nMedian, µs. In place: the call alone; the fence marks "
		"(close_range with CLOSE_RANGE_CLOEXEC).\nExec: vfork, the call in the child, exec "
		"of "
		"a static no-op, its end; the fence does it by itself.\nThe longest loop runs "
		"once. Goal: first in every row.\n\n| "
		"descriptors |");
	for (int how = 0; how <= CLOSINGS; how++)
		fprintf(f, " %s |", closings[how]);
	fprintf(f, " ours to the best other |\n|---|");
	for (int how = 0; how <= CLOSINGS; how++)
		fprintf(f, "---|");
	fprintf(f, "---|\n");
	for (int exec = 0; exec < 2; exec++)
		for (int i = 0; i < 2; i++)
			closing_line(f, exec, closing_fds[i]);
}

static bool asked(const char *name)
{
	return strstr(name, options.only) != NULL;
}

void report(FILE *f, const struct result *results)
{
	fputs(intro, f);
	machine(f);
	goals(f, results);
	beside_before(f, results);
	fputs(peers_text, f);
	sections(f, results);
	if (asked("Closing"))
		closing(f);
	if (asked("What repeats"))
		counts(f);
}

void progress(const struct row *row, const struct result *r)
{
	fprintf(stderr, "bench: %s\n", row->name);
	for (int k = 0; k < 2 && row->goals[k].limit > 0; k++)
		goal_line(stderr, row, r, &row->goals[k], false);
}
