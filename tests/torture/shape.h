/*
 * shape.h: what a program of the random tester looks like.
 *
 * A shape is one value in each of a list of dimensions.  It is drawn from a seed, written as
 * "context=fork entry=execv …" (a dimension at its first value, the plain one, is left out), and
 * handed from host to target in letters alone, so that no rule of the fence can read a number in
 * it.  All of this is pure.
 */
#ifndef TORTURE_SHAPE_H
#define TORTURE_SHAPE_H

#include <stddef.h>
#include <stdint.h>

/* Each list: V(dimension, word), the plain value first. */
/* clang-format off */
#define CONTEXTS(V) \
	V(context, main)         /* the only thread */ \
	V(context, threads)      /* the first of several threads */ \
	V(context, thread)       /* another of them */ \
	V(context, handler)      /* in a signal handler */ \
	V(context, sharer)       /* a process shares its table */ \
	V(context, hidden)       /* the same, made by a raw system call */ \
	V(context, newpid)       /* its next child is the first of a pid namespace */ \
	V(context, fork)         /* a forked child ... */ \
	V(context, forkthreads)  /* ... of a program with threads */ \
	V(context, forkraw)      /* ... made by syscall(SYS_clone) */ \
	V(context, forkplain)    /* ... by _Fork() */ \
	V(context, vfork) \
	V(context, vforkthreads) \
	V(context, clonevm)      /* clone() with CLONE_VM and CLONE_VFORK */ \
	V(context, clonectid)    /* clone() with CLONE_VM and CLONE_CHILD_CLEARTID, waited for */ \
	V(context, clonefiles)   /* a child that shares its parent's table */
#define ENTRIES(V) \
	V(entry, execve) V(entry, execv) V(entry, execvp) V(entry, execvpe) V(entry, execl) \
	V(entry, execlp) V(entry, execle) V(entry, fexecve) V(entry, execveat) \
	V(entry, sysexecve) V(entry, sysexecveat) V(entry, spawn) V(entry, spawnp) \
	V(entry, system) V(entry, popen) V(entry, wordexp)
#define TARGETS(V) \
	V(target, good) V(target, script) V(target, deepscript) V(target, text) \
	V(target, link) V(target, missing) V(target, denied) V(target, dir) V(target, notdir) \
	V(target, loop) V(target, longname) V(target, noexec) V(target, badelf) \
	V(target, machine) V(target, shortelf) V(target, empty) V(target, nointerp) \
	V(target, selfscript) V(target, badinterp) V(target, busy) V(target, bigarg) \
	V(target, manyargs) V(target, badpath) V(target, badargv) V(target, badarg) \
	V(target, badenv)
#define COUNTS(V) \
	V(count, 0) V(count, 1) V(count, 3) V(count, 20) V(count, 60) V(count, 66) \
	V(count, 150) V(count, 300) V(count, 700)
#define NUMBERS(V) \
	V(numbers, dense) V(numbers, sparse) V(numbers, high) V(numbers, top)
#define KINDS(V) \
	V(kinds, file) V(kinds, mixed) V(kinds, sockets)
#define MEANINGS(V) \
	V(meaning, leak) V(meaning, cloexec) V(meaning, meant) V(meaning, thirds)
#define MEANS(V) \
	V(means, fcntl) V(means, ioctl) V(means, action)
#define GIVENS(V) \
	V(given, 0) V(given, 1) V(given, 3)
#define BLOCKEDS(V) \
	V(blocked, none) V(blocked, some) V(blocked, all)
#define PENDINGS(V) \
	V(pending, none) V(pending, process) V(pending, thread) V(pending, queued) \
	V(pending, worth) V(pending, both)
#define HANDLERS(V) \
	V(handlers, none) V(handlers, plain) V(handlers, altstack)
#define SHOWERS(V) \
	V(shower, none) V(shower, signals)
#define TIMERS(V) \
	V(timer, none) V(timer, alarm) V(timer, virtual) V(timer, posix)
#define TRACERS(V) \
	V(tracer, none) V(tracer, traceme)
#define CHILDREN(V) \
	V(children, none) V(children, deathsig) V(children, zombie)
#define LOCKS(V) \
	V(lock, none) V(lock, posix) V(lock, ofd) V(lock, flock) V(lock, posixtwo) \
	V(lock, self)
#define RINGS(V) \
	V(ring, none) V(ring, plain) V(ring, polled)
#define DENIES(V) \
	V(deny, none) V(deny, close_range) V(deny, cloexec) V(deny, select) V(deny, clone) \
	V(deny, clone3) V(deny, getdents) V(deny, statx) V(deny, execveat) V(deny, kcmp) \
	V(deny, fstatat) V(deny, prctl) V(deny, readlink) V(deny, openat2)
#define DENYERRORS(V) \
	V(denyerror, ENOSYS) V(denyerror, EPERM)
#define ROOTS(V) \
	V(root, usual) V(root, chroot) V(root, noproc)
#define LIMITS(V) \
	V(limit, usual) V(limit, below)
#define ATTRS(V) \
	V(attr, none) V(attr, nice) V(attr, umask) V(attr, deathsig) V(attr, batch) \
	V(attr, resetonfork) V(attr, slack) V(attr, affinity) V(attr, name) V(attr, uid)
#define ENVS(V) \
	V(env, usual) V(env, empty) V(env, null) V(env, many) V(env, other) V(env, twice)
#define INPUTS(V) \
	V(input, open) V(input, closed) V(input, unix) V(input, tcp) V(input, pipe)
#define TIMESS(V) \
	V(times, 1) V(times, 3)
#define THENS(V) \
	V(then, exit) V(then, good)

#define DIMENSIONS(D) \
	D(context, CONTEXTS) D(entry, ENTRIES) D(target, TARGETS) D(count, COUNTS) \
	D(numbers, NUMBERS) D(kinds, KINDS) D(meaning, MEANINGS) D(means, MEANS) \
	D(given, GIVENS) D(blocked, BLOCKEDS) D(pending, PENDINGS) D(handlers, HANDLERS) \
	D(shower, SHOWERS) D(timer, TIMERS) D(tracer, TRACERS) D(children, CHILDREN) \
	D(lock, LOCKS) D(ring, RINGS) D(deny, DENIES) D(denyerror, DENYERRORS) D(root, ROOTS) \
	D(limit, LIMITS) D(attr, ATTRS) D(env, ENVS) D(input, INPUTS) D(times, TIMESS) \
	D(then, THENS)
/* clang-format on */

#define AS_VALUE(dim, word) dim##_##word,
#define AS_ENUM(dim, list)  enum { list(AS_VALUE) dim##_count };
#define AS_FIELD(dim, list) uint8_t dim;
#define AS_ONE(dim, list)   +1
DIMENSIONS(AS_ENUM)
enum { DIMENSION_COUNT = 0 DIMENSIONS(AS_ONE) };

/* One of the enum's values above in each field; as[] is the same by the dimension's place. */
union shape {
	struct {
		DIMENSIONS(AS_FIELD)
	};
	uint8_t as[DIMENSION_COUNT];
};

enum { SHAPE_TEXT = 800, SHAPE_LETTERS = DIMENSION_COUNT + 1 };

/* The shape of that seed; the same on every machine. */
union shape shape_draw(uint64_t seed);

/* Makes what contradicts itself plain: a shape is one that can be run.  Idempotent. */
void shape_settle(union shape *s);

void shape_print(const union shape *s, char text[SHAPE_TEXT]);

/* The dimension, its place in as[], and the value of one word; -1: no such word. */
int shape_word(const char *word, int *dimension, int *value);

/* Words as shape_print() writes them.  0, or -1 and nothing is changed; *bad is the word. */
int shape_parse(union shape *s, char *const *words, const char **bad);

/* In letters: a value each. */
void shape_spell(const union shape *s, char letters[SHAPE_LETTERS]);
int shape_read(union shape *s, const char *letters);

/* A number in letters, ten of them, for the same reason; and back. */
void spell_number(unsigned long n, char out[20]);
unsigned long read_number(const char *letters);

/* ---- The descriptors of a shape, which host, target and driver each work out alike ---- */

enum meaning { LEAK, CLOSES, MEANT };

struct planned {
	int fd;
	enum meaning meaning;
	int kind; /* which of the factory's, when kinds is mixed or sockets */
};

/*
 * Numbers with a use of their own, which the plan leaves free; low ones, so that with few descriptors
 * the table has the smallest size.
 */
enum {
	GIVEN_AT = 3,
	SINK = 48,
	LOCK_FD,
	LOCK_TWO,
	PLACED,
	BUSY,
	RING_FD,
	OWN_END,
};
enum { PLAN_MAX = 720 };

/* Ascending, without the given ones and those named above; returns how many. */
int shape_plan(const union shape *s, struct planned plan[PLAN_MAX]);

/* How many the host is started with, at GIVEN_AT and on. */
int shape_given(const union shape *s);

#endif
