/* rows.c: what is measured, between whom, and the goals. */
#include "tests/bench/driver.h"

#define B(p)   (1u << (p))
#define ALL    (B(NONE) | B(MINIMAL) | B(DEFAULT) | B(SNOOPY) | B(DLSYM) | B(STRACE) | B(FENCE))
#define LOADED (ALL & ~B(STRACE))
#define FEW    (B(NONE) | B(MINIMAL) | B(FENCE))
#define SOME   (FEW | B(DLSYM))
#define INTENT (B(MINIMAL) | B(FENCE_STRICT) | B(FENCE))

#define START "Programs started"
#define GROW  "An exec as descriptors grow (vfork, execve of a static no-op; all would leak)"
#define SPAWN "posix_spawn"
#define SHELL "system and popen"
#define REAL  "Real work"
#define ACTS  "Hooked calls that watch for acts"
#define MEANT "What intent adds to an exec"

#define FDS_MANY 20000 /* or what the limit allows */

#define GOALS(...)          \
	{                   \
		__VA_ARGS__ \
	}
#define RATIO(peer, limit)         \
	{                          \
		peer, TIMES, limit \
	}

#define ROW_START(parent, worker)                                                \
	{                                                                        \
		START, "start of /bin/true (vfork, exec) from a parent " parent, \
			{ VFORK_TRUE, 0, 3, 7 }, worker, LOADED,                 \
			GOALS(RATIO(MINIMAL, 1.02), RATIO(DEFAULT, 1.00))        \
	}
#define ROW_GROW(n, text)                                                           \
	{                                                                           \
		GROW, text " descriptors", { VFORK_STATIC, 0, n, 7 }, WORKER, SOME, \
			GOALS({ MINIMAL, PLUS_US, 45 })                             \
	}
#define ROW_SPAWN(what, n, text, limit)                                                 \
	{                                                                               \
		SPAWN, text, { what, 0, n, 7 }, WORKER, SOME, GOALS(RATIO(NONE, limit)) \
	}
#define ROW_SHELL(what, text)                                                         \
	{                                                                             \
		SHELL, text, { what, 0, 3, 5 }, WORKER, ALL, GOALS(RATIO(NONE, 1.02)) \
	}
#define ROW_SCRIPT(n, text)                                                               \
	{                                                                                 \
		REAL, text, { SCRIPT, n, 3, 1 }, WORKER, ALL, GOALS(RATIO(MINIMAL, 1.02)) \
	}
#define ROW_CALL(what, text, ns)                                                         \
	{                                                                                \
		ACTS, text, { what, 0, 3, 5 }, WORKER, FEW, GOALS({ NONE, PLUS_NS, ns }) \
	}

const struct row rows[] = {
	ROW_START("without preload", CHILD),
	ROW_START("with the same preload", WORKER),
	{ START,
	  "fork and exec of /bin/true",
	  { FORK_TRUE, 0, 3, 7 },
	  WORKER,
	  ALL,
	  GOALS(RATIO(MINIMAL, 1.02)) },
	{ START,
	  "vfork and exec of a static no-op",
	  { VFORK_STATIC, 0, 3, 15 },
	  WORKER,
	  ALL,
	  GOALS(RATIO(MINIMAL, 1.10)) },
	{ START,
	  "fork, a second thread, exec of a static no-op; 10 leaks",
	  { THREADED_STATIC, 0, 13, 15 },
	  WORKER,
	  SOME,
	  GOALS(RATIO(DLSYM, 1.00)) },
	ROW_GROW(3, "3"),
	ROW_GROW(10, "10"),
	ROW_GROW(50, "50"),
	ROW_GROW(100, "100"),
	ROW_GROW(300, "300"),
	ROW_GROW(1000, "1,000"),
	ROW_GROW(5000, "5,000"),
	ROW_GROW(FDS_MANY, "20,000"),
	ROW_SPAWN(SPAWN_STATIC, 3, "posix_spawn, static no-op", 0.75),
	ROW_SPAWN(SPAWN_TRUE, 3, "posix_spawn, dynamic (/bin/true)", 1.00),
	ROW_SPAWN(SPAWN_STATIC, 1000, "posix_spawn, static, 1,000 descriptors", 0.85),
	ROW_SPAWN(SPAWN_TRUE, 1000, "posix_spawn, dynamic, 1,000 descriptors", 0.85),
	ROW_SPAWN(SPAWN_STATIC, FDS_MANY, "posix_spawn, static, 20,000 descriptors", 0.30),
	ROW_SPAWN(SPAWN_TRUE, FDS_MANY, "posix_spawn, dynamic, 20,000 descriptors", 0.30),
	{ SPAWN,
	  "posix_spawn, static, 900 descriptors that were given",
	  { SPAWN_STATIC, 0, FDS_GIVEN + 3, 7 },
	  GIVEN,
	  SOME,
	  GOALS(RATIO(DLSYM, 1.00)) },
	ROW_SHELL(SYSTEM, "system(\":\")"),
	ROW_SHELL(POPEN, "popen(\":\")"),
	ROW_SCRIPT(0, "shell loop of 40 commands"),
	ROW_SCRIPT(1, "configure-like script"),
	ROW_SCRIPT(2, "git init, add, commit, diff, log"),
	ROW_SCRIPT(3, "gcc, 2 files and a link"),
	ROW_SCRIPT(4, "make -j2"),
	ROW_SCRIPT(5, "Python, 20 x subprocess.run"),
	ROW_CALL(GETFD, "fcntl(F_GETFD)", 20),
	ROW_CALL(SETFD, "fcntl(F_SETFD, 0)", 20),
	ROW_CALL(DUP2, "dup2", 20),
	ROW_CALL(FIONCLEX_, "ioctl(FIONCLEX)", 20),
	ROW_CALL(CLOSE, "close", 20),
	ROW_CALL(OPEN_CLOSE, "open and close", 20),
	ROW_CALL(FAILS, "execve of a file that is not there", 5000),
	ROW_CALL(FAILS_THREADED, "... beside another thread", 5000),
	ROW_CALL(PIPE_CLOSES, "pipe and two closes", 50),
	{ MEANT,
	  "exec with 4 KiB of environment and 20 arguments",
	  { VFORK_STATIC, 20, 3, 15 },
	  LARGE_ENV,
	  INTENT,
	  GOALS({ FENCE_STRICT, PLUS_US, 2 }) },
};
const int nrows = sizeof rows / sizeof *rows;
