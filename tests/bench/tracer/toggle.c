/*
 * toggle: what an attached tracer costs those that it looks at.
 *
 *	toggle STATIC_PROGRAM ROUNDS     as root; prints a table of docs/tracer.md
 *
 * The machine's speed moves within seconds, and starting a tracer takes one.  So
 * this program loads the tracer's own programs once, with the tracer's own code,
 * and attaches and detaches them many times a second: in each round every peer
 * has its turn, and is compared with the turns without a tracer next to it.
 *
 * The peers "empty" are programs of two instructions on the same tracepoints:
 * what a tracepoint costs on this machine, whoever looks.
 *
 * What is measured runs on one processor and, where allowed, under SCHED_FIFO;
 * the thread that empties the ring runs where it likes.  Linked static, the
 * started program is all that an exec costs; /bin/true adds its loader.
 */
#include <bpf/bpf.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/helpers/timing.h"
#include "tools/kernel/bpf.h"
#include "tools/kernel/queue.h"
#include "tools/kernel/request.h"
#include "tools/trace/options.h"

enum { TRUES = 12, STATICS = 24, CALLS = 10, CALL_TURN = 4000, CLOSE_TURN = 1000 };
enum peer { OFF, EMPTY, TRACE, EMPTY_CALL, EMPTY_RANGE, WOULD, ACTS, PEERS };
enum load { LOAD_TRUE, LOAD_STATIC, LOAD_CALL, LOAD_CLOSE, LOADS };

static const char *const names[PEERS] = { "no tracer",
					  "empty programs",
					  "`fdfence trace`",
					  "empty program on sys_enter",
					  "empty program on syscalls/sys_enter_close_range",
					  "`fdfence trace --show leaked,would`",
					  "`fdfence trace --acts yes`" };
static const char *const points[] = { "sched_prepare_exec", "sched_process_exec",
				      "sched_process_fork", "sched_process_exit" };
static struct trace_bpf *tracer[PEERS];
static int empty, empty_call;
static const char *nothing;
static double *took[LOADS][PEERS];

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* The value below which that share of all lies; sorts. */
static double share(double *v, int n, double part)
{
	qsort(v, (size_t)n, sizeof(*v), by_size);
	return v[(int)(part * (n - 1) + 0.5)];
}

static double turn(const char *image)
{
	double ns = exec_turn((char *[]){ (char *)image, NULL });

	if (ns < 0)
		die(image);
	return ns;
}

/* Nanoseconds of a close of what dup() made, and of that: calls that the tracer looks at. */
static double close_turn(void)
{
	double start = now();

	for (int i = 0; i < CLOSE_TURN; i++)
		close(dup(0));
	return (now() - start) / CLOSE_TURN;
}

static double measure(enum load load)
{
	static const int times[LOADS] = { TRUES, STATICS, CALLS, CALLS };
	double v[STATICS];
	int i;

	for (i = 0; i < times[load]; i++)
		v[i] = load == LOAD_CALL    ? call_turn(CALL_TURN)
		       : load == LOAD_CLOSE ? close_turn()
		       : load == LOAD_TRUE  ? turn("/bin/true")
					    : turn(nothing);
	return share(v, times[load], 0.5);
}

/* ---- attaching ---- */

static int empty_program(enum bpf_prog_type type)
{
	struct bpf_insn code[] = { { .code = 0xb7 /* r0 = 0 */ }, { .code = 0x95 /* exit */ } };
	int fd = bpf_prog_load(type, "empty", "GPL", code, 2, NULL);

	if (fd < 0)
		die("an empty program");
	return fd;
}

/* The tracepoint of one system call, as tracefs offers it; -1 where there is none. */
static int one_call(void)
{
	struct perf_event_attr a = { .type = PERF_TYPE_TRACEPOINT, .size = sizeof(a) };
	FILE *f = fopen("/sys/kernel/tracing/events/syscalls/sys_enter_close_range/id", "re");
	int fd;

	if (!f || fscanf(f, "%llu", &a.config) != 1)
		return -1;
	fclose(f);
	fd = (int)syscall(SYS_perf_event_open, &a, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (fd >= 0 &&
	    (ioctl(fd, PERF_EVENT_IOC_SET_BPF, empty_call) || ioctl(fd, PERF_EVENT_IOC_ENABLE, 0)))
		die("an empty program on one system call");
	return fd;
}

/* False: there is nothing to attach to. */
static bool attach(enum peer p, int links[4])
{
	size_t i;

	memset(links, -1, 4 * sizeof(*links));
	for (i = 0; p == EMPTY && i < 4; i++)
		links[i] = bpf_raw_tracepoint_open(points[i], empty); /* older: no prepare_exec */
	if (p == EMPTY_RANGE)
		links[0] = one_call();
	if (p == EMPTY_CALL)
		links[0] = bpf_raw_tracepoint_open("sys_enter", empty);
	if (tracer[p] && trace_bpf_attach(tracer[p]))
		exit(1);
	return p != EMPTY_RANGE || links[0] >= 0;
}

static void detach(enum peer p, const int links[4])
{
	int i;

	for (i = 0; i < 4; i++)
		if (links[i] >= 0)
			close(links[i]);
	if (tracer[p])
		trace_bpf_detach(tracer[p]);
}

static void *forget(void *queue)
{
	for (;;)
		free(trace_queue_take(queue, 50));
	return NULL;
}

static struct trace_bpf *load(const char *option, const char *value)
{
	char *argv[] = { "trace", (char *)option, (char *)value, NULL };
	struct trace_line l;
	struct trace_bpf *b;
	struct trace_queue *q;
	pthread_t thread;

	if (trace_line_parse(&l, 3, argv) != OPTIONS_CONTINUE)
		exit(1);
	b = trace_bpf_open(&l.opts);
	q = b ? trace_queue_start(trace_bpf_ring(b)) : NULL;
	if (!q || pthread_create(&thread, NULL, forget, q))
		exit(1);
	return b;
}

/* ---- rounds ---- */

/* Every peer stands between two turns without a tracer; their mean is what it is held against. */
static void round_of(int n)
{
	double off[LOADS][2];
	int k, l, links[4];

	for (l = 0; l < LOADS; l++)
		off[l][0] = measure(l);
	for (k = 0; k < PEERS - 1; k++) {
		enum peer p = 1 + (n + k) % (PEERS - 1);
		double v[LOADS];

		if (!attach(p, links))
			continue;
		for (l = 0; l < LOADS; l++)
			v[l] = measure(l);
		detach(p, links);
		for (l = 0; l < LOADS; l++) {
			off[l][1] = measure(l);
			took[l][p][n] = v[l] / ((off[l][0] + off[l][1]) / 2);
			took[l][OFF][n] = off[l][0] = off[l][1];
		}
	}
}

static void table(int rounds)
{
	double off[LOADS], *v;
	int p, l;

	for (l = 0; l < LOADS; l++)
		off[l] = share(took[l][OFF], rounds, 0.5);
	puts("| | start of /bin/true | static program, vfork | another system call | dup and close "
	     "|\n"
	     "|---|---|---|---|---|");
	printf("| %s | %.0f µs | %.0f µs | %.0f ns | %.0f ns |\n", names[OFF], off[LOAD_TRUE] / 1e3,
	       off[LOAD_STATIC] / 1e3, off[LOAD_CALL], off[LOAD_CLOSE]);
	for (p = 1; p < PEERS; p++) {
		if (!took[0][p][0])
			continue;
		printf("| %s |", names[p]);
		for (l = 0; l < LOADS; l++) {
			v = took[l][p];
			printf(" %.3fx [%.3f, %.3f]", share(v, rounds, 0.5), share(v, rounds, 0.25),
			       share(v, rounds, 0.75));
			if (l >= LOAD_CALL)
				printf(", %+.0f ns", (share(v, rounds, 0.5) - 1) * off[l]);
			fputs(" |", stdout);
		}
		puts("");
	}
}

int main(int argc, char **argv)
{
	int rounds = argc == 3 ? atoi(argv[2]) : 0, n, p, l;

	if (rounds < 1 || access(nothing = argv[1], X_OK))
		return 125;
	if (close_range(3, ~0u, 0))
		die("close_range");
	for (l = 0; l < LOADS; l++)
		for (p = 0; p < PEERS; p++)
			if (!(took[l][p] = calloc((size_t)rounds, sizeof(double))))
				die("memory");
	tracer[TRACE] = load("--show", "leaked");
	tracer[WOULD] = load("--show", "leaked,would");
	tracer[ACTS] = load("--acts", "yes");
	empty = empty_program(BPF_PROG_TYPE_RAW_TRACEPOINT);
	empty_call = empty_program(BPF_PROG_TYPE_TRACEPOINT);
	if (pin())
		puts("(not under SCHED_FIFO)\n");
	for (n = 0; n < rounds; n++)
		round_of(n);
	table(rounds);
	return 0;
}
