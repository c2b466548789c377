/*
 * library: one function of libfdfence-seal in surroundings of the caller's choice.
 *
 *	library CASE WORD...	the words are those of surround.h
 *
 * Opens 3 to 40, 64, 700, 1000 and (but for cases named few_...) 70 that lie scattered above, each
 * third close-on-exec, makes the surroundings, calls, and holds every number that can be open
 * against what it has to be.  Prints what is not so, and nothing else; exits with 77 where the
 * surroundings cannot be had.
 */
#include <stdbool.h>
#include <sys/wait.h>

#include <fdfence.h>

#include "tests/helpers/surround.h"

#define END  (1 << 20)
#define MANY 40
/* More than are asked for at first (raw/fdeach.c), and than have room on the stack (lib/walk.c). */
#define SCATTERED 70
#define APART	  64

static char before[END + 2]; /* 0: closed, 1: open, 2: close-on-exec */
static int end = 8192;	     /* above all that is opened here */
static int top;		     /* the highest that is open */

static int state(int fd)
{
	int flags = fcntl(fd, F_GETFD);

	return flags < 0 ? 0 : flags & FD_CLOEXEC ? 2 : 1;
}

static void look(void)
{
	for (int fd = 0; fd < end; fd++) {
		before[fd] = (char)state(fd);
		top = before[fd] ? fd : top;
	}
}

static void expect(const char *what, long got, long wanted)
{
	if (got != wanted)
		printf("%s is %ld, not %ld\n", what, got, wanted);
}

static void expect_error(const char *what, int r, int error)
{
	if (r != -1 || errno != error)
		printf("%s returned %d, %s, not -1, %s\n", what, r, strerror(errno),
		       strerror(error));
}

/* Each number: as before, or `then` if it was open, is in first..last and not among keep. */
static void expect_table(const char *what, int first, int last, int then, const int *keep)
{
	for (int fd = 0; fd <= top; fd++) {
		int wanted = before[fd], is = state(fd);
		bool kept = false;

		for (const int *k = keep; k && *k >= 0; k++)
			kept |= *k == fd;
		if (fd >= first && fd <= last && !kept && wanted)
			wanted = then;
		if (is != wanted)
			printf("%s: %d is %d, not %d\n", what, fd, is, wanted);
	}
}

static void close_from(void)
{
	int status = -1;
	pid_t pid;

	expect("close_from", fdfence_close_from(top + 1), 0);
	expect_table("nothing above", 0, -1, 0, NULL);
	expect("close_from", fdfence_close_from(5), 0);
	expect_table("close_from", 5, END, 0, NULL);
	expect("again", fdfence_close_from(5), 0);
	expect_error("a negative number", fdfence_close_from(-1), EINVAL);
	pid = fork();
	if (pid == 0)
		_exit(fdfence_close_from(0) || state(0) || state(1) || state(2) || state(4));
	waitpid(pid, &status, 0);
	expect("close_from(0)", status, 0);
}

static void close_range_(void)
{
	expect_error("first > last", fdfence_close_range(6, 5, 0), EINVAL);
	expect_error("an unknown flag", fdfence_close_range(5, 6, 8), EINVAL);
	expect_table("refused", 0, -1, 0, NULL);
	expect("close_range, mark", fdfence_close_range(10, 700, FDFENCE_CLOEXEC), 0);
	expect_table("marked", 10, 700, 2, NULL);
	look();
	expect("close_range", fdfence_close_range(10, 64, 0), 0);
	expect_table("closed", 10, 64, 0, NULL);
	expect("far above", fdfence_close_range(1u << 31, ~0u, 0), 0);
	look();
	expect("from a closed one", fdfence_close_range(12, ~0u, FDFENCE_CLOEXEC), 0);
	expect_table("marked", 12, END, 2, NULL);
}

static void *unshares(void *unused)
{
	expect("unshare", fdfence_close_range(3, ~0u, FDFENCE_UNSHARE), 0);
	expect_table("the thread's own", 3, END, 0, NULL);
	return unused;
}

static void unshare_(void)
{
	pthread_t t;

	if (pthread_create(&t, NULL, unshares, NULL))
		surround_cannot("start a thread");
	pthread_join(t, NULL);
	expect_table("that of the others", 0, -1, 0, NULL);
}

struct seen {
	int n, last, stop_at;
	bool changes;
};

static int see(void *arg, int fd)
{
	struct seen *s = arg;

	if (fd <= s->last || !before[fd])
		printf("walk: %d behind %d\n", fd, s->last);
	s->last = fd;
	s->n++;
	if (s->changes && fd == 20) {
		close(30); /* is visited all the same */
		close(5);
		dup2(0, 50); /* is not */
	}
	return fd == s->stop_at ? 4711 : 0;
}

static int open_ones(void)
{
	int n = 0;

	for (int fd = 0; fd < end; fd++)
		n += before[fd] != 0;
	return n;
}

static void walk(void)
{
	struct seen s = { 0, -1, -1, false };

	expect("walk", fdfence_walk(see, &s), 0);
	expect("visits", s.n, open_ones());
	expect_table("walk", 0, -1, 0, NULL);
	s = (struct seen){ 0, -1, 20, false };
	expect("what func returned", fdfence_walk(see, &s), 4711);
	expect("the last visited", s.last, 20);
	s = (struct seen){ 0, -1, -1, true };
	expect("walk that changes", fdfence_walk(see, &s), 0);
	expect("visits", s.n, open_ones());
}

static void next(void)
{
	for (int fd = 0, wanted; fd < 1100; fd++) {
		for (wanted = fd; wanted <= top && !before[wanted]; wanted++)
			;
		if (wanted <= top)
			expect("next", fdfence_next(fd), wanted);
	}
	expect_error("next above all", fdfence_next(top + 1), ENOENT);
	expect_error("next of -1", fdfence_next(-1), EINVAL);
	expect_table("next", 0, -1, 0, NULL);
	expect("count", fdfence_count(), open_ones());
	expect_table("count", 0, -1, 0, NULL);
}

static void seal(void)
{
	static struct fdfence_undo undo[100];
	static const int keep[] = { 7, 1000, 4, 7, 1, 11, -1 }, closed[] = { 4, 60 };
	int n;

	expect_error("keep what is closed", fdfence_seal(closed, 2, undo, 100), EBADF);
	expect_error("keep -1", fdfence_seal(keep, 7, undo, 100), EINVAL);
	expect_error("no room", fdfence_seal(keep, 6, undo, 1), ENOSPC);
	expect_table("refused", 0, -1, 0, NULL);
	n = fdfence_seal(keep, 6, undo, 100);
	expect("at most one each", n > 0 && n < 10 + SCATTERED, 1);
	expect_table("sealed", 3, END, 2, keep);
	close(9);
	fdfence_unseal(undo, n);
	before[9] = 0;
	expect_table("undone", 0, -1, 0, NULL);
	expect("all kept", fdfence_seal(NULL, 0, undo, 100) > 0, 1);
	expect_table("all sealed", 3, END, 2, NULL);
	expect("nothing left to seal", fdfence_seal(NULL, 0, NULL, 0), 0);
}

static void spawn_close(unsigned flags)
{
	static const int keep[] = { 700, 5, 5, 60, 6, -1 };
	int status = -1;
	pid_t pid;

	expect("keep -1", fdfence_spawn_close(3, keep, 6, flags), EINVAL);
	expect("first -1", fdfence_spawn_close(-1, keep, 5, flags), EINVAL);
	expect("an unknown flag", fdfence_spawn_close(3, keep, 5, 16), EINVAL);
	fflush(stdout);
	errno = 4711;
	pid = vfork(); /* NOLINT: what is tested */
	if (pid == 0) {
		expect("spawn_close", fdfence_spawn_close(4, keep, 5, flags), 0);
		expect("errno", errno, 4711);
		expect_table("the child", 4, END, flags ? 2 : 0, keep);
		fflush(stdout);
		_exit(0);
	}
	waitpid(pid, &status, 0);
	expect("the child", status, 0);
	expect_table("the parent", 0, -1, 0, NULL);
}

static void spawn_closes(void)
{
	spawn_close(0);
	spawn_close(FDFENCE_CLOEXEC);
}

/* Nobody tells where the table ends; where the machine lets it, something lies above the limit. */
static void blind(void)
{
	int reached = 65535; /* that far is looked in any case */
	struct fdfence_undo undo[100];
	struct seen s = { 0, -1, -1, false };

	expect_error("walk", fdfence_walk(see, &s), EOPNOTSUPP);
	expect("visits", s.n, 0);
	expect_error("count", fdfence_count(), EOPNOTSUPP);
	expect_error("next", fdfence_next(reached < top ? 1001 : top + 1), EOPNOTSUPP);
	expect("next, where there is one", fdfence_next(999), 1000);
	expect_error("seal", fdfence_seal(NULL, 0, undo, 100), EOPNOTSUPP);
	expect_table("nothing done", 0, -1, 0, NULL);
	expect("a range below", fdfence_close_range(10, 5000, 0), 0);
	expect_table("closed", 10, 5000, 0, NULL);
	look();
	expect("spawn_close", fdfence_spawn_close(5, NULL, 0, 0), EOPNOTSUPP);
	expect_error("close_from", fdfence_close_from(5), EOPNOTSUPP);
	expect_table("what could be reached and what not", 5, reached, 0, NULL);
}

/* fcntl() is denied: no number can be looked at, and none is called closed. */
static void no_fcntl(void)
{
	static const int keep[] = { 0 };
	struct fdfence_undo undo[100];
	struct seen s = { 0, -1, -1, false };

	expect_error("walk", fdfence_walk(see, &s), EOPNOTSUPP);
	expect("visits", s.n, 0);
	expect_error("next", fdfence_next(0), EOPNOTSUPP);
	expect_error("seal", fdfence_seal(NULL, 0, undo, 100), EOPNOTSUPP);
	expect_error("seal with one kept", fdfence_seal(keep, 1, undo, 100), EOPNOTSUPP);
	expect_error("mark", fdfence_close_range(5, ~0u, FDFENCE_CLOEXEC), EOPNOTSUPP);
	expect("mark in a child", fdfence_spawn_close(5, NULL, 0, FDFENCE_CLOEXEC), EOPNOTSUPP);
	expect("close_from", fdfence_close_from(5), 0);
}

/* close() is denied; the directory of a walk stays open, too. */
static void no_close(void)
{
	expect_error("close_from", fdfence_close_from(5), EOPNOTSUPP);
	expect_error("close_range", fdfence_close_range(10, 64, 0), EOPNOTSUPP);
	top = MANY;
	expect_table("nothing closed", 0, -1, 0, NULL);
	expect("mark", fdfence_close_range(10, 30, FDFENCE_CLOEXEC), 0);
	expect_table("marked", 10, 30, 2, NULL);
}

/* The table cannot be made the caller's own. */
static void no_unshare(void)
{
	expect_error("unshare", fdfence_close_range(3, ~0u, FDFENCE_UNSHARE), EPERM);
	expect("spawn_close", fdfence_spawn_close(3, NULL, 0, 0), EPERM);
	expect_table("nothing done", 0, -1, 0, NULL);
}

/* No memory can be mapped, and the table is too large to do without. */
static void no_map(void)
{
	struct fdfence_undo undo[100];
	struct seen s = { 0, -1, -1, false };

	expect_error("walk", fdfence_walk(see, &s), ENOMEM);
	expect("visits", s.n, 0);
	expect_error("next", fdfence_next(top + 1), EOPNOTSUPP);
	expect_error("count", fdfence_count(), EOPNOTSUPP);
	expect_error("seal", fdfence_seal(NULL, 0, undo, 100), EOPNOTSUPP);
	expect_table("nothing done", 0, -1, 0, NULL);
	expect_error("close_from", fdfence_close_from(5), EOPNOTSUPP);
	expect_table("all that there is", 5, END, 0, NULL);
}

static const struct {
	const char *name;
	void (*run)(void);
} cases[] = {
	{ "close_from", close_from },
	{ "close_range", close_range_ },
	{ "unshare", unshare_ },
	{ "walk", walk },
	{ "next", next },
	{ "seal", seal },
	{ "spawn", spawn_closes },
	{ "blind", blind },
	{ "no_fcntl", no_fcntl },
	{ "no_close", no_close },
	{ "no_unshare", no_unshare },
	{ "no_map", no_map },
	{ "few_close_from", close_from },
	{ "few_walk", walk },
	{ "few_next", next },
	{ "few_seal", seal },
};

int main(int argc, char **argv)
{
	struct rlimit r = { END, END };
	static char text[1 << 16];

	if (argc < 2)
		return 125;
	setvbuf(stdout, text, _IOFBF, sizeof text);
	if (setrlimit(RLIMIT_NOFILE, &r)) { /* no higher than it may go */
		getrlimit(RLIMIT_NOFILE, &r);
		r.rlim_cur = r.rlim_max;
		setrlimit(RLIMIT_NOFILE, &r);
	}
	for (int fd = 3, last = MANY + 3; fd <= last; fd++) {
		int to = fd <= MANY ? fd : fd == MANY + 1 ? 64 : fd == MANY + 2 ? 700 : 1000;

		if (dup3(0, to, fd % 3 ? 0 : O_CLOEXEC) < 0)
			surround_cannot("open what is to be closed");
	}
	for (int i = 2; i < argc; i++)
		if (!strncmp(argv[i], "high=", 5))
			end = atoi(argv[i] + 5) + 2;
	for (int i = 0; i < SCATTERED && strncmp(argv[1], "few_", 4) != 0; i++)
		if (dup2(0, 1040 + APART * i) < 0)
			surround_cannot("open what is to be closed");
	surround(argv + 2);
	look();
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		if (!strcmp(cases[i].name, argv[1])) {
			cases[i].run();
			return fflush(stdout) ? 1 : 0;
		}
	return 125;
}
