/*
 * driver.h: what the benchmark measures, between whom, and what came out.
 */
#ifndef DRIVER_H
#define DRIVER_H

#include <stdbool.h>

#include "tests/bench/bench.h"

#define ROUNDS_MIN 5 /* unless they take three times row_seconds */
#define ROUNDS_MAX 500

/* The order of the columns. */
enum peer { NONE, MINIMAL, DEFAULT, SNOOPY, DLSYM, STRACE, FENCE, FENCE_STRICT, BEFORE, PEERS };

struct peer_kind {
	const char *name;
	const char *file; /* beside this program; "": see preload_of(); NULL: no preload */
	const char *env;  /* one more variable, or NULL */
};
extern const struct peer_kind peers[PEERS];

#define FDS_GIVEN 900

/* Who has the preload: the worker and so its children, or these alone; with what environment; and with
 * FDS_GIVEN descriptors that it was started with. */
enum place { WORKER, CHILD, LARGE_ENV, GIVEN, PLACES };

enum measure { TIMES, PLUS_US, PLUS_NS }; /* the ratio; the difference an exec; ... a call */

struct goal {
	enum peer against;
	enum measure measure;
	double limit; /* 0: no goal */
};

struct row {
	const char *section, *name;
	struct ask ask;
	enum place place;
	unsigned peers; /* bits of enum peer; FENCE and those of the goals are among them */
	struct goal goals[2];
};
extern const struct row rows[];
extern const int nrows;

struct result {
	int rounds;
	double ns[PEERS][ROUNDS_MAX]; /* an exec, a script, a call; 0: not measured */
	double cpu[PEERS][ROUNDS_MAX];
};

struct options {
	const char *shim, *snoopy;
	const char *before;  /* an older shim, which every row of the fence is held against */
	const char *only;    /* rows whose section or name has this text */
	const char *command; /* shown in the report */
	int rounds;	     /* at most */
	double row_seconds;  /* no new round after these, once there are ROUNDS_MIN */
};
extern struct options options;

/* ---- peers.c ---- */
bool have_peer(enum peer p);
const char *preload_of(enum peer p); /* NULL: none */
struct answer ask_peer(enum place place, enum peer p, const struct ask *a);
void end_workers(void); /* a later ask starts them again */

/* ---- measure.c ---- */
void measure(const struct row *row, struct result *to);
bool more_rounds(int done, uint64_t begin);

/* A median with its quartiles. */
struct spread {
	double low, mid, high;
};
struct spread spread_of(const double *v, int n);
/* Of a to b, round by round, since the peers of a round had the same neighbours. */
struct spread compared(const double *a, const double *b, int n, enum measure m);

/* ---- count.c: what repeats, where times do not ---- */
struct counts {
	long instructions; /* in user mode */
	long calls;	   /* of the system */
	long faults;	   /* of pages; -1: not counted */
};
struct counts count_start(enum peer p); /* one start of /bin/true, from exec to exit */
struct counts count_work(enum peer p, enum work work); /* this work, once warm */

/* ---- closing.c: ways to close all descriptors above 2 ---- */
struct closing_result {
	struct spread us[CLOSINGS + 1]; /* the last: the fence */
	struct spread ratio;		/* of ours to the best of the others */
	enum closing best;
};
extern const char *const closings[CLOSINGS + 1];
extern const int closing_fds[2];
void measure_closing(bool exec, int fds, struct closing_result *to);

/* ---- report.c ---- */
void report(FILE *f, const struct result *results);
/* One line a row, while it is measured. */
void progress(const struct row *row, const struct result *r);

#endif
